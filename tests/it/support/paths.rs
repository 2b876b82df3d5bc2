//! The paths that a source file names, and the modules that it declares.
//!
//! The one decision: tokens, not text. The real lexer splits the file, so a path in a comment or a string is none, and a
//! path inside a macro is one.

use proc_macro2::{Delimiter, LexError, TokenStream, TokenTree};

/// One path as a file names it.
#[derive(Debug, Clone)]
pub(crate) struct Named {
    /// `["crate", "graph", "Client"]`.
    pub(crate) path: Vec<String>,
    /// The module that names it, from the root of the crate.
    pub(crate) scope: Vec<String>,
    /// For a `use`: the name that it brings in.
    pub(crate) alias: Option<String>,
    /// Whether that `use` is a `pub` one.
    pub(crate) public: bool,
    /// Whether it stands in an item for tests only.
    pub(crate) in_test: bool,
    /// Where, from 1.
    pub(crate) line: usize,
}

/// What a file says.
#[derive(Default)]
pub(crate) struct Paths {
    /// Every path, in order.
    pub(crate) named: Vec<Named>,
    /// The modules that it declares, from the root of the crate, and whether for tests only.
    pub(crate) declared: Vec<(Vec<String>, bool)>,
}

/// Reads the text of the file that holds `module`.
pub(crate) fn paths_of(text: &str, module: &[String]) -> Result<Paths, LexError> {
    let mut walk = Walk {
        scope: module.to_owned(),
        in_test: false,
        found: Paths::default(),
    };
    walk.tokens(text.parse()?);
    Ok(walk.found)
}

/// Collects the paths of one file.
struct Walk {
    scope: Vec<String>,
    in_test: bool,
    found: Paths,
}

impl Walk {
    fn tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        // Set by `#[cfg(test)]`, until the item behind it is over.
        let mut for_test = false;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let was = self.in_test;
            self.in_test |= for_test;
            match token {
                TokenTree::Group(group) => {
                    let attribute = at > 0 && is_punct(&tokens[at - 1], '#');
                    let says_test = group.stream().to_string().replace(' ', "") == "cfg(test)";
                    self.tokens(group.stream());
                    if attribute {
                        for_test |= says_test;
                    } else if group.delimiter() == Delimiter::Brace {
                        for_test = false;
                    }
                    at += 1;
                }
                TokenTree::Punct(punct) => {
                    for_test &= punct.as_char() != ';';
                    at += 1;
                }
                TokenTree::Ident(word) if word == "mod" => at += self.module(&tokens[at..]),
                TokenTree::Ident(word) if word == "use" => {
                    let public = at > 0 && is_public(&tokens[..at]);
                    at += self.imports(&tokens[at..], public);
                }
                TokenTree::Ident(_) => at += self.path(&tokens, at),
                TokenTree::Literal(_) => at += 1,
            }
            self.in_test = was;
        }
    }

    /// `mod name;` or `mod name { … }`; how many tokens were taken.
    fn module(&mut self, tokens: &[TokenTree]) -> usize {
        let (Some(TokenTree::Ident(name)), Some(after)) = (tokens.get(1), tokens.get(2)) else {
            return 1;
        };
        self.scope.push(name.to_string());
        self.found.declared.push((self.scope.clone(), self.in_test));
        let taken = match after {
            TokenTree::Group(body) => {
                self.tokens(body.stream());
                3
            }
            _ => 2,
        };
        self.scope.pop();
        taken
    }

    /// A `use` up to its semicolon; how many tokens were taken.
    fn imports(&mut self, tokens: &[TokenTree], public: bool) -> usize {
        let length = tokens
            .iter()
            .position(|token| is_punct(token, ';'))
            .unwrap_or(1);
        // `use<'a>` in a type is none.
        if !tokens.get(1).is_some_and(|token| is_punct(token, '<')) {
            self.tree(&tokens[1..length], &[], public);
            return length;
        }
        1
    }

    /// A tree of imports: `a::{b as c, d::*}`.
    fn tree(&mut self, tokens: &[TokenTree], before: &[String], public: bool) {
        let mut path = before.to_vec();
        let mut alias = None;
        let mut line = 0;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match token {
                TokenTree::Ident(word) if word == "as" => {
                    alias = tokens.get(at + 1).map(ToString::to_string);
                    at += 1;
                }
                TokenTree::Ident(word) => {
                    line = word.span().start().line;
                    // `a::{self}` is `a`.
                    if word != "self" || path.is_empty() {
                        path.push(word.to_string());
                    }
                }
                TokenTree::Punct(punct) if punct.as_char() == '*' => {
                    line = punct.span().start().line;
                    path.push("*".to_owned());
                }
                TokenTree::Group(group) => {
                    let inner: Vec<_> = group.stream().into_iter().collect();
                    for branch in inner.split(|token| is_punct(token, ',')) {
                        self.tree(branch, &path, public);
                    }
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        if path.len() > before.len() || line > 0 {
            let alias = alias.or_else(|| path.last().cloned());
            self.push(path, alias, public, line);
        }
    }

    /// A path in the code, such as `crate::graph::Client`; how many tokens were taken.
    fn path(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        let line = tokens[at].span().start().line;
        let mut path = vec![tokens[at].to_string()];
        let mut end = at + 1;
        while is_colons(tokens, end)
            && let Some(TokenTree::Ident(word)) = tokens.get(end + 2)
        {
            path.push(word.to_string());
            end += 3;
        }
        let follows = at >= 2 && is_colons(tokens, at - 2);
        let of_macro = at >= 1 && is_punct(&tokens[at - 1], '$') && path[0] != "crate";
        if path.len() > 1 && !follows && !of_macro {
            self.push(path, None, false, line);
        }
        end - at
    }

    fn push(&mut self, path: Vec<String>, alias: Option<String>, public: bool, line: usize) {
        self.found.named.push(Named {
            path,
            scope: self.scope.clone(),
            alias,
            public,
            in_test: self.in_test,
            line,
        });
    }
}

pub(super) fn is_punct(token: &TokenTree, wanted: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == wanted)
}

pub(super) fn is_colons(tokens: &[TokenTree], at: usize) -> bool {
    tokens.len() > at + 1 && is_punct(&tokens[at], ':') && is_punct(&tokens[at + 1], ':')
}

/// Whether what stands before a `use` is `pub` or `pub(…)`.
fn is_public(before: &[TokenTree]) -> bool {
    let is_pub = |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word == "pub");
    match before {
        [.., first, TokenTree::Group(group)] if group.delimiter() == Delimiter::Parenthesis => {
            is_pub(first)
        }
        [.., last] => is_pub(last),
        [] => false,
    }
}
