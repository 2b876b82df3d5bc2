//! Which types and methods a source file defines, and which methods it calls, so that an object cut into slices is seen
//! as one.
//!
//! The one decision: names, not types. A call on `self` belongs to the type of its `impl`; any other call is followed
//! only in a file that names a type, and where that type alone has a method of this name. What stays unclear draws no
//! arrow.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Ident, LexError, TokenStream, TokenTree};

use super::paths::{is_colons, is_punct};

/// Type names that several modules have on purpose, so that a name alone tells nothing.
const SHARED_NAMES: &[&str] = &["Error", "Args", "Result"];

/// One call of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
struct MethodCall {
    /// The type, where the call names it: `self.name()`, `Self::name()`, `Type::name()`.
    of: Option<String>,
    name: String,
    line: usize,
}

/// What one file defines and calls; what stands in an item for tests only is left out.
#[derive(Debug, Default)]
pub(crate) struct Items {
    /// Structs, enums, traits and aliases, each with its line; no associated types.
    pub(crate) types: Vec<(String, usize)>,
    /// Type and name of the methods in inherent impls.
    inherent: BTreeSet<(String, String)>,
    /// Names of methods that a trait declares.
    of_traits: BTreeSet<String>,
    calls: Vec<MethodCall>,
    /// Every word, so that it is known whether the file names a type.
    words: BTreeSet<String>,
}

/// A call that leads from one file to another: from, to, line.
pub(crate) type MethodArrow = (String, String, usize);

/// Reads the text of a file.
pub(crate) fn items_of(text: &str) -> Result<Items, LexError> {
    let mut walk = Walk::default();
    walk.tokens(text.parse()?, true);
    Ok(walk.found)
}

/// Every call of a method that an `impl` of the same type defines in another file.
pub(crate) fn method_arrows(files: &BTreeMap<&String, &Items>) -> Vec<MethodArrow> {
    // Method to the types that have it, and type to the files with an inherent impl of it.
    let mut types: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut homes: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    let mut slices: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut of_traits = BTreeSet::new();
    for (file, methods) in files {
        of_traits.extend(methods.of_traits.iter().map(String::as_str));
        for (of, name) in &methods.inherent {
            types.entry(name).or_default().insert(of);
            if !SHARED_NAMES.contains(&of.as_str()) {
                homes.entry((of, name)).or_default().insert(file);
                slices.entry(of).or_default().insert(file);
            }
        }
    }
    let home = |of: &str, name: &str| match homes.get(&(of, name)) {
        Some(files) if files.len() == 1 => files.first().copied(),
        _ => None,
    };
    let mut arrows = Vec::new();
    for (file, methods) in files {
        for call in &methods.calls {
            let name = call.name.as_str();
            let of = match (&call.of, types.get(name)) {
                (Some(of), _) => Some(of.as_str()),
                (None, Some(only)) if only.len() == 1 && !of_traits.contains(name) => only
                    .first()
                    .copied()
                    .filter(|of| methods.words.contains(*of)),
                (None, _) => None,
            };
            let to = of
                .filter(|of| slices.get(of).is_some_and(|files| files.len() > 1))
                .and_then(|of| home(of, name));
            if let Some(to) = to.filter(|to| to != file) {
                arrows.push(((*file).clone(), to.to_owned(), call.line));
            }
        }
    }
    arrows
}

/// Collects the methods of one file.
#[derive(Default)]
struct Walk {
    /// The type of the `impl` around.
    of: Option<String>,
    /// Whether an `impl` or a trait is around, where a `type` is an associated one.
    associated: bool,
    found: Items,
}

impl Walk {
    /// `items`: whether these tokens are those of a file or a block, where an item can stand.
    fn tokens(&mut self, tokens: TokenStream, items: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        // Set by `#[cfg(test)]`, until the item behind it is over.
        let mut for_test = false;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Group(group) => {
                    let block = group.delimiter() == Delimiter::Brace;
                    if at > 0 && is_punct(&tokens[at - 1], '#') {
                        for_test |= group.stream().to_string().replace(' ', "") == "cfg(test)";
                    } else if !for_test {
                        self.tokens(group.stream(), block);
                    }
                    for_test &= !block;
                }
                TokenTree::Punct(punct) => for_test &= punct.as_char() != ';',
                TokenTree::Ident(word) if word == "trait" && items && !for_test => {
                    at += self.declared_trait(&tokens[at..]);
                    continue;
                }
                TokenTree::Ident(word)
                    if word == "impl" && items && !for_test && begins_item(&tokens[..at]) =>
                {
                    at += self.implementation(&tokens[at..]);
                    continue;
                }
                TokenTree::Ident(word) if !for_test => {
                    self.found.words.insert(word.to_string());
                    self.declared_type(word, tokens.get(at + 1));
                    self.call(&tokens, at);
                }
                _ => {}
            }
            at += 1;
        }
    }

    /// `impl<…> Type<…> where … { … }`, or that of a trait; how many tokens were taken.
    fn implementation(&mut self, tokens: &[TokenTree]) -> usize {
        let Some(length) = tokens.iter().position(is_block) else {
            return 1;
        };
        let TokenTree::Group(body) = &tokens[length] else {
            return 1;
        };
        let (of, inherent) = implemented(&tokens[1..length]);
        self.found.words.extend(of.clone());
        if let (Some(of), true) = (&of, inherent) {
            let methods = names(body.stream())
                .into_iter()
                .map(|name| (of.clone(), name));
            self.found.inherent.extend(methods);
        }
        let outer = std::mem::replace(&mut self.of, of);
        self.body(body.stream());
        self.of = outer;
        length + 1
    }

    /// `trait Name { … }`; how many tokens were taken.
    fn declared_trait(&mut self, tokens: &[TokenTree]) -> usize {
        let Some(length) = tokens.iter().position(is_block) else {
            return 1;
        };
        if let (TokenTree::Ident(word), TokenTree::Group(body)) = (&tokens[0], &tokens[length]) {
            self.declared_type(word, tokens.get(1));
            self.found.of_traits.extend(names(body.stream()));
            self.body(body.stream());
        }
        length + 1
    }

    /// What stands in an `impl` or a trait.
    fn body(&mut self, body: TokenStream) {
        let outer = std::mem::replace(&mut self.associated, true);
        self.tokens(body, true);
        self.associated = outer;
    }

    /// Notes the type that a keyword and the name behind it declare.
    fn declared_type(&mut self, keyword: &Ident, name: Option<&TokenTree>) {
        let declares = ["struct", "enum", "trait"]
            .iter()
            .any(|word| keyword == word)
            || keyword == "type" && !self.associated;
        if let (true, Some(TokenTree::Ident(name))) = (declares, name) {
            let line = name.span().start().line;
            self.found.types.push((name.to_string(), line));
        }
    }

    /// Notes the call of a method whose name stands at `at`.
    fn call(&mut self, tokens: &[TokenTree], at: usize) {
        let name = tokens[at].to_string();
        let line = tokens[at].span().start().line;
        let before = |back: usize| at.checked_sub(back).map(|at| &tokens[at]);
        let of = if before(1).is_some_and(|dot| is_punct(dot, '.')) {
            let called = is_arguments(tokens.get(at + 1)) || is_colons(tokens, at + 1);
            if !called {
                return;
            }
            let whole = before(3).is_none_or(|token| !is_punct(token, '.'));
            let on_self = whole && before(2).is_some_and(|token| is_word(token, "self"));
            if on_self { self.of.clone() } else { None }
        } else if at >= 3 && is_colons(tokens, at - 2) {
            match &tokens[at - 3] {
                word if is_word(word, "Self") => self.of.clone(),
                TokenTree::Ident(of) => Some(of.to_string()),
                _ => return,
            }
        } else {
            return;
        };
        self.found.calls.push(MethodCall { of, name, line });
    }
}

/// The type of an `impl` from what stands before its body, and whether the `impl` is of no trait.
fn implemented(header: &[TokenTree]) -> (Option<String>, bool) {
    let mut depth = 0;
    let mut last = None;
    let mut inherent = true;
    for (at, token) in header.iter().enumerate() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth += 1,
            TokenTree::Punct(punct) if punct.as_char() == '>' => {
                let arrow = at > 0 && is_punct(&header[at - 1], '-');
                depth -= i32::from(!arrow);
            }
            TokenTree::Ident(word) if depth == 0 => {
                let binder = header.get(at + 1).is_some_and(|next| is_punct(next, '<'));
                if word == "where" {
                    break;
                } else if word == "for" && !binder {
                    inherent = false;
                } else if word != "for" {
                    last = Some(word.to_string());
                }
            }
            _ => {}
        }
    }
    (last, inherent)
}

/// The names of the functions of a body.
fn names(body: TokenStream) -> Vec<String> {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    (1..tokens.len())
        .filter(|at| is_word(&tokens[at - 1], "fn"))
        .map(|at| tokens[at].to_string())
        .collect()
}

/// Whether an item can begin after these tokens; `-> impl Fn()` begins none.
fn begins_item(before: &[TokenTree]) -> bool {
    match before.last() {
        None => true,
        Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::Parenthesis,
        Some(token) => is_punct(token, ';') || is_word(token, "unsafe"),
    }
}

fn is_block(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

fn is_arguments(token: Option<&TokenTree>) -> bool {
    matches!(token, Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis)
}

fn is_word(token: &TokenTree, wanted: &str) -> bool {
    matches!(token, TokenTree::Ident(word) if word == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrows(files: &[(&str, &str)]) -> Vec<String> {
        let files: BTreeMap<String, Items> = files
            .iter()
            .map(|(file, text)| ((*file).to_owned(), items_of(text).unwrap()))
            .collect();
        method_arrows(&files.iter().collect())
            .into_iter()
            .map(|(from, to, _)| format!("{from} -> {to}"))
            .collect()
    }

    const SEND: (&str, &str) = (
        "send.rs",
        "impl<T: Into<u8>> Client<T> where T: Copy { pub async fn send(&self) {} }",
    );

    const NEW: (&str, &str) = ("new.rs", "impl Client<u8> { fn new() {} }");

    #[test]
    fn a_call_leads_to_the_file_of_the_method() {
        for (text, seen) in [
            ("impl Client<u8> { fn wait(&self) { self.send() } }", true),
            (
                "impl Client<u8> { fn wait(&self) { Self::send(self) } }",
                true,
            ),
            (
                "impl Drop for Client<u8> { fn drop(&mut self) { self.send() } }",
                true,
            ),
            ("fn f(c: &Client) { c.send::<u8>() }", true),
            ("fn f(c: &Client) { g(|| Client::send(c)) }", true),
            ("fn f(c: &Client) { vec![c.inner.send()] }", true),
            ("impl Client<u8> { fn wait(&self) { self.send } }", false),
            ("impl Other { fn wait(&self) { self.send() } }", false),
            (
                "impl Other { fn send(&self) {} }\nfn f(c: Client) { c.send() }",
                false,
            ),
            (
                "trait Sender { fn send(&self); }\nfn f(c: Client) { c.send() }",
                false,
            ),
            ("fn f() -> impl Client { x.send() }", true),
            ("fn f() { x.send() }", false),
            (
                "#[cfg(test)]\nmod tests { fn f(c: Client) { c.send() } }",
                false,
            ),
        ] {
            let found = arrows(&[SEND, NEW, ("wait.rs", text)]);
            assert_eq!(found.len(), usize::from(seen), "{text}: {found:?}");
        }
    }

    #[test]
    fn errors_of_two_modules_are_two_types() {
        let one = ("a.rs", "impl Error { fn a(&self) { self.b() } }");
        let two = ("b.rs", "impl Error { fn b(&self) {} }");
        assert_eq!(arrows(&[one, two]), [""; 0]);
    }

    #[test]
    fn the_types_of_a_file() {
        let items = items_of(
            "pub struct A<T>(T); enum B {} words! { enum C { D = 1 } } type E = u8; trait F { type G; }
             impl Iterator for B { type Item = u8; fn next(&mut self) { struct H; } }
             macro_rules! m { ($name:ident) => { struct $name; } }
             #[cfg(test)] struct I; #[cfg(test)] mod tests { struct J; } struct K { r#type: L }",
        );
        let names: Vec<_> = items
            .unwrap()
            .types
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["A", "B", "C", "E", "F", "H", "K"]);
    }
}
