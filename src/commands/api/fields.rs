//! The values of `-F` and the body of `--input`.

use std::{io::Read as _, path::Path};

use serde_json::{Map, Value};

use crate::context::{Context, failure::Failure};

/// Longest file taken, in bytes.
const LONGEST: u64 = 8 * 1024 * 1024;

/// The value of `-F NAME=VALUE`, read as gh reads it.
pub(super) fn value(ctx: &Context, name: &str, text: &str) -> Result<Value, Failure> {
    if let Some(file) = text.strip_prefix('@') {
        return Ok(read(ctx, Path::new(file), &format!("-F {name}=@-"))?.into());
    }
    parse(text).map_err(|why| {
        Failure::usage(format!("-F {name}: {why}"))
            .hint(format!("-f {name}=TEXT takes any text as it is"))
    })
}

/// What a text means.
fn parse(text: &str) -> Result<Value, String> {
    match text {
        "true" | "false" | "null" => {}
        _ if text.starts_with(['[', '{']) => {
            return serde_json::from_str(text)
                .map_err(|error| format!("it begins as JSON and is none ({error})"));
        }
        _ if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => {}
        _ => return Ok(text.into()),
    }
    // What is no number after all is a text, like a day.
    Ok(serde_json::from_str(text).unwrap_or_else(|_| text.into()))
}

/// The members of the object that `--input` names.
pub(super) fn object(ctx: &Context, file: &Path) -> Result<Map<String, Value>, Failure> {
    let text = read(ctx, file, "--input -")?;
    let place = shown(file);
    match serde_json::from_str(&text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(Failure::usage(format!(
            "--input: {place} holds JSON, but no object"
        ))),
        Err(error) => {
            Err(Failure::usage(format!("--input: {place} holds no JSON"))
                .because(error.to_string()))
        }
    }
}

fn shown(file: &Path) -> String {
    match file.to_str() {
        Some("-") => "stdin".to_owned(),
        _ => file.display().to_string(),
    }
}

fn read(ctx: &Context, file: &Path, what: &str) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        ctx.claim_stdin(what)?;
        std::io::stdin()
            .lock()
            .take(LONGEST)
            .read_to_string(&mut text)
    } else {
        std::fs::File::open(file).and_then(|file| file.take(LONGEST).read_to_string(&mut text))
    };
    read.map_err(|error| Failure::io(format!("could not read {}", shown(file)), &error))?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_as_gh_reads_them() {
        for (text, expected) in [
            ("true", Ok(json!(true))),
            ("null", Ok(json!(null))),
            ("-12", Ok(json!(-12))),
            ("795033096057724", Ok(json!(795_033_096_057_724_u64))),
            ("2026-11-26", Ok(json!("2026-11-26"))),
            ("[\"MESSAGING\"]", Ok(json!(["MESSAGING"]))),
            ("{}", Ok(json!({}))),
            ("Acme", Ok(json!("Acme"))),
            ("", Ok(json!(""))),
            ("[x", Err(())),
        ] {
            assert_eq!(parse(text).map_err(drop), expected, "{text}");
        }
    }
}
