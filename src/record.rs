//! Results as types: what a command writes with `--json` is a struct, and its fields' docs are the reference.
//!
//! [`record!`] takes the struct as it is written, derives `Serialize`, and keeps names, types and docs of the fields at
//! [`Record::FIELDS`]; help, man pages, REFERENCE.md and the tests' golden file read them there, so that none of them can
//! say something else than the program does. A macro and no derive or schema crate: thirty lines, and nothing to build.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::{
    exit::Kind,
    ids::{AccountId, AppId, BusinessId, SolutionId, UserId},
};

/// Something that a command reports.
pub trait Record: Serialize {
    /// Its fields, in the order in which they are written.
    const FIELDS: &'static [RecordField];

    /// As `--json` writes it.
    fn object(&self) -> Value {
        serde_json::to_value(self).expect("the keys of a record are texts")
    }
}

/// A field as it stands in the source.
#[derive(Debug, Clone, Copy)]
pub struct RecordField {
    /// Its name in the struct.
    pub rust_name: &'static str,
    /// What serde was told about it.
    pub serde: &'static str,
    /// Its doc comment.
    pub doc: &'static str,
    /// Its type.
    pub json_type: JsonType,
}

/// The type of a value in JSON.
#[derive(Debug, Clone, Copy)]
pub struct JsonType {
    name: &'static str,
    nullable: bool,
    fields: &'static [RecordField],
}

impl JsonType {
    /// A text.
    pub const STRING: Self = Self::plain("string");
    /// An object whose fields are not ours to name.
    pub const OBJECT: Self = Self::plain("object");

    const fn plain(name: &'static str) -> Self {
        Self {
            name,
            nullable: false,
            fields: &[],
        }
    }

    /// A record.
    pub const fn record(fields: &'static [RecordField]) -> Self {
        Self {
            fields,
            ..Self::OBJECT
        }
    }
}

/// A Rust type that stands in a record.
pub trait Json {
    /// What it is in JSON.
    const TYPE: JsonType;
}

impl<T: Json> Json for Option<T> {
    const TYPE: JsonType = JsonType {
        nullable: true,
        ..T::TYPE
    };
}

impl<T: Json> Json for Vec<T> {
    const TYPE: JsonType = JsonType {
        fields: T::TYPE.fields,
        ..JsonType::plain("array")
    };
}

impl<K, V> Json for std::collections::BTreeMap<K, V> {
    const TYPE: JsonType = JsonType::OBJECT;
}

impl Json for Map<String, Value> {
    const TYPE: JsonType = JsonType::OBJECT;
}

macro_rules! json_types {
    ($($name:literal: $($type:ty),+;)+) => {
        $($(impl Json for $type {
            const TYPE: JsonType = JsonType::plain($name);
        })+)+
    };
}

json_types! {
    "string": String, &'static str, AccountId, AppId, BusinessId, SolutionId, UserId, Kind, jiff::Timestamp;
    "integer": u8, i64, u64;
    "boolean": bool;
}

/// A field as the reference shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldDoc {
    /// Where it is: `a.b` lies within `a`, `a[].b` within each item of the list `a`.
    pub path: String,
    /// `string`, `integer`, `boolean`, `object`, `array`; with `?` it can be null.
    pub kind: String,
    /// Whether it is missing at times.
    pub optional: bool,
    /// What it says.
    pub doc: String,
}

/// The fields of a record and of what lies within them, in their order.
pub fn field_docs(fields: &[RecordField]) -> Vec<FieldDoc> {
    let mut docs = Vec::new();
    collect("", fields, &mut docs);
    docs
}

fn collect(within: &str, fields: &[RecordField], docs: &mut Vec<FieldDoc>) {
    for field in fields {
        let JsonType {
            name,
            nullable,
            fields,
        } = field.json_type;
        if field.serde == "flatten" {
            collect(within, fields, docs);
            continue;
        }
        let path = format!("{within}{}", field.name());
        docs.push(FieldDoc {
            path: path.clone(),
            kind: format!("{name}{}", if nullable { "?" } else { "" }),
            optional: field.serde.contains("skip_serializing_if"),
            doc: field.doc.trim().to_owned(),
        });
        let dot = if name == "array" { "[]." } else { "." };
        collect(&format!("{path}{dot}"), fields, docs);
    }
}

impl RecordField {
    /// Its name in JSON.
    pub fn name(&self) -> &'static str {
        let renamed = self.serde.split('"').nth(1);
        renamed
            .filter(|_| self.serde.starts_with("rename = "))
            .unwrap_or(self.rust_name)
    }
}

/// Makes a struct a [`Record`]: `record! { /// … pub struct Name { /// What it says pub field: Type, } }`. A field's doc is
/// shown to operators as it stands, so it is written as an option's: a capital first, no full stop, `code` in backticks.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $(
                $(#[doc = $doc:literal])+
                $(#[serde($($serde:tt)+)])?
                $field_vis:vis $field:ident: $type:ty,
            )+
        }
    ) => {
        $(#[$meta])*
        #[derive(serde::Serialize)]
        $vis struct $name {
            $(
                $(#[doc = $doc])+
                $(#[serde($($serde)+)])?
                $field_vis $field: $type,
            )+
        }

        impl $crate::record::Record for $name {
            const FIELDS: &'static [$crate::record::RecordField] = &[$(
                $crate::record::RecordField {
                    rust_name: stringify!($field),
                    serde: concat!($(stringify!($($serde)+))?),
                    doc: concat!($($doc),+),
                    json_type: <$type as $crate::record::Json>::TYPE,
                },
            )+];
        }

        impl $crate::record::Json for $name {
            const TYPE: $crate::record::JsonType =
                $crate::record::JsonType::record(<Self as $crate::record::Record>::FIELDS);
        }
    };
}

pub(crate) use record;

#[cfg(test)]
mod tests {
    use super::*;

    record! {
        /// A part of another.
        struct Inner {
            /// A number
            /// in two lines
            n: u64,
        }
    }

    record! {
        /// What two records share.
        struct Shared {
            /// Its id
            #[serde(rename = "app_id")]
            id: AppId,
        }
    }

    record! {
        /// One of everything.
        struct Whole {
            /// Shared
            #[serde(flatten)]
            shared: Shared,
            /// One
            one: Option<Inner>,
            /// Many
            many: Vec<Inner>,
        }
    }

    #[test]
    fn the_fields_are_those_that_are_written() {
        let docs = field_docs(Whole::FIELDS);
        let docs: Vec<[&str; 3]> = docs
            .iter()
            .map(|field| [&*field.path, &*field.kind, &*field.doc])
            .collect();
        assert_eq!(
            docs,
            [
                ["app_id", "string", "Its id"],
                ["one", "object?", "One"],
                ["one.n", "integer", "A number in two lines"],
                ["many", "array", "Many"],
                ["many[].n", "integer", "A number in two lines"],
            ]
        );
        let whole = Whole {
            shared: Shared {
                id: "7".parse().unwrap(),
            },
            one: Some(Inner { n: 1 }),
            many: vec![],
        };
        assert_eq!(
            whole.object().to_string(),
            r#"{"app_id":"7","one":{"n":1},"many":[]}"#
        );
    }
}
