//! Clients' WhatsApp Business accounts: those that a portfolio was given, and the solutions behind one.

use serde::Deserialize;
use serde_json::json;

use super::{
    lenient,
    page::{LIMIT, RowStream},
};
use crate::{
    graph::send::{
        call::{ApiCall, OwnedToken, Token},
        perform::Graph,
    },
    ids::{AccountId, BusinessId},
    secret::SystemToken,
};

/// A client's WhatsApp Business account.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ClientAccount {
    pub id: AccountId,
    /// Its name; none means that Meta does not show it.
    #[serde(default, deserialize_with = "lenient::text")]
    pub name: Option<String>,
}

impl Graph {
    /// The accounts that clients share with a portfolio, all pages; `through`: only those that came through solutions
    /// with this company.
    pub fn client_accounts(
        &self,
        system: &SystemToken,
        business: &BusinessId,
        through: Option<&BusinessId>,
    ) -> RowStream<ClientAccount> {
        let doing = format!("list the clients' accounts of business {business}");
        let edge = "client_whatsapp_business_accounts";
        let mut call = ApiCall::get(doing, &[business.as_str(), edge])
            .param("fields", "id,name")
            .param("limit", LIMIT);
        if let Some(through) = through {
            let filter = json!([{"field": "partners", "operator": "ALL", "value": [through]}]);
            call = call.param("filtering", filter.to_string());
        }
        self.rows(OwnedToken::from(Token::System(system)), call, None)
    }
}
