//! An answer of Meta's without what it says of anybody: ids by their length, texts as texts.
//!
//! The one decision: what stays is listed, not what goes. Meta's own words (statuses, permissions, kinds, codes) stay; so
//! do small numbers; everything else is its kind.

use serde_json::{Map, Value};

/// Fields whose texts are Meta's own words.
const WORDS: [&str; 14] = [
    "status",
    "status_for_pending_request",
    "permission",
    "scope",
    "type",
    "event",
    "role",
    "fields",
    "solution_status",
    "owner_permissions",
    "partner_permissions",
    "scopes",
    "regain_access_status",
    "name_status",
];

/// The longest number that is no id, no time and no size that would tell who it is.
const SMALL: u64 = 100_000;

/// What a value looks like.
pub(super) fn shape(value: &Value) -> Value {
    within(value, "")
}

fn within(value: &Value, field: &str) -> Value {
    match value {
        Value::String(text) => Value::String(self::text(text, field)),
        Value::Number(number) => match number.as_u64() {
            Some(small) if small < SMALL => value.clone(),
            _ if number.is_f64() => value.clone(),
            _ => Value::String(format!("<number of {} digits>", number.to_string().len())),
        },
        Value::Array(items) => items.iter().map(|item| within(item, field)).collect(),
        Value::Object(fields) => {
            let fields = fields.iter();
            let shaped = fields.map(|(name, value)| (self::name(name), within(value, name)));
            Value::Object(shaped.collect::<Map<String, Value>>())
        }
        Value::Bool(_) | Value::Null => value.clone(),
    }
}

/// A field's name; Meta's usage headers have ids for names.
fn name(name: &str) -> String {
    if is_word(name) {
        name.to_owned()
    } else {
        text(name, "")
    }
}

/// A text of this field.
pub(super) fn text(text: &str, field: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("<{} digits>", text.len());
    }
    if WORDS.contains(&field) && text.split(',').all(|part| is_word(part.trim())) {
        return text.to_owned();
    }
    match field {
        "message" | "error_user_title" | "error_user_msg" => masked(text),
        _ => "<text>".to_owned(),
    }
}

/// Letters and low lines, as Meta writes its words; `OAuthException` among them.
fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 60
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b'_')
}

/// A sentence of Meta's without what stands in quotes and without numbers, where a name or an id may be.
fn masked(sentence: &str) -> String {
    let (mut masked, mut quote, mut digits) = (String::new(), None::<char>, 0_usize);
    for letter in sentence.chars() {
        if letter.is_ascii_digit() && quote.is_none() {
            digits += 1;
            continue;
        }
        number(&mut masked, &mut digits);
        match (quote, letter) {
            (Some(open), close) if close == open => {
                masked.push('…');
                masked.push(close);
                quote = None;
            }
            (Some(_), _) => {}
            (None, '\'' | '"') if !masked.ends_with(char::is_alphabetic) => {
                quote = Some(letter);
                masked.push(letter);
            }
            (None, '“') => {
                quote = Some('”');
                masked.push(letter);
            }
            (None, letter) => masked.push(letter),
        }
    }
    number(&mut masked, &mut digits);
    masked
}

/// Short numbers are codes, long ones ids.
fn number(masked: &mut String, digits: &mut usize) {
    match std::mem::take(digits) {
        0 => {}
        few if few <= 3 => masked.push('N'),
        many => masked.push_str(&format!("<{many} digits>")),
    }
}

/// A path with its version: ids by their length, our app named as ours.
pub(super) fn path(path: &str, ours: Option<&str>) -> String {
    let parts = path.split('/').enumerate().map(|(at, part)| match part {
        part if Some(part) == ours => "<our app>".to_owned(),
        part if at == 1 && part.starts_with('v') => part.to_owned(),
        part if part.is_empty() || is_word(part) => part.to_owned(),
        part => text(part, ""),
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_who_it_is_goes_and_metas_own_words_stay() {
        let answer = json!({"data": [{"id": "795033096057724", "name": "Lucky Shrub", "status": "ACTIVE",
                "owner_app": {"id": "212", "name": "Ann's"}, "owner_permissions": ["MESSAGING", "Ann Smith"],
                "link": "https://luckyshrub.example/"}],
            "paging": {"cursors": {"after": "QVFI"}}, "100234": {"call_count": 28}, "at": 1_764_000_000_u64, "half": 0.5, "ok": true});
        assert_eq!(
            shape(&answer),
            json!({"data": [{"id": "<15 digits>", "name": "<text>", "status": "ACTIVE",
                "owner_app": {"id": "<3 digits>", "name": "<text>"}, "owner_permissions": ["MESSAGING", "<text>"],
                "link": "<text>"}],
            "paging": {"cursors": {"after": "<text>"}}, "<6 digits>": {"call_count": 28}, "at": "<number of 10 digits>", "half": 0.5, "ok": true})
        );
    }

    #[test]
    fn a_sentence_of_metas_keeps_its_words() {
        for (sentence, masked) in [
            (
                "Unsupported get request. Object with ID '999999999999999' does not exist",
                "Unsupported get request. Object with ID '…' does not exist",
            ),
            ("(#100) Param is wrong", "(#N) Param is wrong"),
            ("App 634974688087057 can't", "App <15 digits> can't"),
            (
                "the name \"Lucky Shrub\" is taken",
                "the name \"…\" is taken",
            ),
            ("it’s “Ann”, and 'open", "it’s “…”, and '"),
        ] {
            assert_eq!(text(sentence, "message"), masked, "{sentence}");
        }
        assert_eq!(text("Ann's own words", "name"), "<text>");
    }

    #[test]
    fn a_path_says_whose_id_it_is_only_where_it_is_ours() {
        let ours = Some("634974688087057");
        for (of, shown) in [
            (
                "/v26.0/634974688087057/whatsapp_business_solutions",
                "/v26.0/<our app>/whatsapp_business_solutions",
            ),
            ("/v26.0/212/accept", "/v26.0/<3 digits>/accept"),
            ("/debug_token", "/debug_token"),
            ("/v26.0/me/apps", "/v26.0/me/apps"),
            ("/v26.0/Ann-Smith", "/v26.0/<text>"),
        ] {
            assert_eq!(path(of, ours), shown);
        }
    }
}
