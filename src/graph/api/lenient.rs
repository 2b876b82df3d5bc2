//! Fields that Meta may leave out, read from whatever stands there.
//!
//! The one decision: an optional field of an odd type (`[]`, `{}`, `false`, `0` where there is nothing) is an unknown
//! field, and never an unreadable object: one app's odd link must not hide all other apps (graph-api.md, 7.8).

use std::{fmt, marker::PhantomData, str::FromStr};

use serde::{
    Deserialize, Deserializer,
    de::{
        DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor,
        value::MapAccessDeserializer,
    },
};
use serde_json::{Number, Value};

/// What is made of a field by what stands there; of all else it makes nothing.
pub(crate) trait FieldReader<'de>: Sized {
    type Output: Default;

    /// Of a text.
    fn text(self, _: &str) -> Self::Output {
        Self::Output::default()
    }

    /// Of a number.
    fn number(self, _: &Number) -> Self::Output {
        Self::Output::default()
    }

    /// Of a list.
    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Output, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Self::Output::default())
    }

    /// Of an object.
    fn object<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Output, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Self::Output::default())
    }
}

/// A field that is read by a reader, and cannot fail.
pub(crate) struct AnyShape<R>(pub(crate) R);

impl<'de, R: FieldReader<'de>> DeserializeSeed<'de> for AnyShape<R> {
    type Value = R::Output;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<R::Output, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, R: FieldReader<'de>> Visitor<'de> for AnyShape<R> {
    type Value = R::Output;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<R::Output, E> {
        Ok(self.0.text(text))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<R::Output, E> {
        Ok(self.0.number(&number.into()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<R::Output, E> {
        Ok(self.0.number(&number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<R::Output, E> {
        let number = Number::from_f64(number);
        Ok(number.map_or_else(R::Output::default, |number| self.0.number(&number)))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<R::Output, E> {
        Ok(R::Output::default())
    }

    fn visit_unit<E: Error>(self) -> Result<R::Output, E> {
        Ok(R::Output::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<R::Output, A::Error> {
        self.0.list(list)
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<R::Output, A::Error> {
        self.0.object(object)
    }
}

/// A text.
struct Word;

impl FieldReader<'_> for Word {
    type Output = Option<String>;

    fn text(self, text: &str) -> Option<String> {
        Some(text.to_owned())
    }
}

/// A text, or a number's digits, but for the zero that stands for nothing.
struct Words;

impl FieldReader<'_> for Words {
    type Output = Option<String>;

    fn text(self, text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    fn number(self, number: &Number) -> Option<String> {
        (number.as_f64() != Some(0.0)).then(|| number.to_string())
    }
}

/// The texts of a list; an entry that is none is passed over.
struct Texts;

impl<'de> FieldReader<'de> for Texts {
    type Output = Option<Vec<String>>;

    fn list<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Output, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element_seed(AnyShape(Word))? {
            texts.extend(text);
        }
        Ok(Some(texts))
    }
}

/// An id, as text or as a whole number.
pub(crate) struct Id<T>(pub(crate) PhantomData<T>);

impl<T: FromStr> FieldReader<'_> for Id<T> {
    type Output = Option<T>;

    fn text(self, text: &str) -> Option<T> {
        text.parse().ok()
    }

    fn number(self, number: &Number) -> Option<T> {
        number.as_u64()?.to_string().parse().ok()
    }
}

/// An object. A list in its place is none, though its entries could be taken for the fields.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Object<T>(PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Object<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<T, A::Error> {
            T::deserialize(MapAccessDeserializer::new(object))
        }
    }
    deserializer.deserialize_map(Object(PhantomData))
}

/// The field's id, or `None` where it is absent or of another shape.
pub(crate) fn id<'de, D: Deserializer<'de>, T: FromStr>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    AnyShape(Id(PhantomData)).deserialize(deserializer)
}

/// The field's text, or `None` where it is absent or of another shape.
pub(crate) fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    AnyShape(Word).deserialize(deserializer)
}

/// The field's text; a number is taken for its digits, but for the zero that stands for nothing.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    AnyShape(Words).deserialize(deserializer)
}

/// The texts of the field's list; an entry that is none is passed over.
pub(crate) fn texts<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Vec<String>>, D::Error> {
    AnyShape(Texts).deserialize(deserializer)
}

/// The entries of a list that can be read; `None`: it is no list.
pub(crate) fn entries<T: DeserializeOwned>(value: &Value) -> Option<Vec<T>> {
    let entries = value.as_array()?.iter();
    let read = |entry: &Value| T::deserialize(entry).ok();
    Some(entries.filter_map(read).collect())
}
