//! Reading of a vendor's answer by a sample of it: leniently, since vendors quote numbers, change the
//! case of names and leave fields out; and strictly about what an operation cannot be without.

use alloc::{borrow::ToOwned, string::String};

use crate::core::encode::{decimal, push_decimal};
use crate::core::error::{Error, Kind, Result as Answer};
use crate::core::json::{self, Json, push_comma, push_name, push_string};
use crate::core::operation::camel;
use crate::core::path::Path;
use crate::core::request::Response;
use crate::core::text::{has_word, join, part, trim};
use crate::core::value::{Type, Value};

/// The last integer up to which a JavaScript number holds all.
const MAX_SAFE: u64 = (1 << 53) - 1;

/// What is read so far, and where reading failed.
#[derive(Default)]
struct Reader {
    out: String,
    failed_at: String,
}

/// Reads an answer by a sample of it: in our names and types.
///
/// # Errors
/// `unexpected-answer` naming the field that is missing although it is required, or is not what it
/// should be.
pub fn read(sample: &str, answer: Value<'_>) -> Answer<Json> {
    let sample = json::parse(sample).unwrap_or_default();
    let mut reader = Reader::default();
    match reader.item(sample.value(), answer, &Path::Root) {
        Some(()) => Ok(Json::new(reader.out)),
        None => {
            Err(Error::new(Kind::UnexpectedAnswer, &join(&["the answer is not understood at ", &reader.failed_at])))
        }
    }
}

impl Reader {
    fn fail(&mut self, path: &Path<'_>) -> Option<()> {
        self.failed_at = path.text();
        None
    }

    /// Appends what must be an object where the sample is one.
    fn item(&mut self, sample: Value<'_>, value: Value<'_>, path: &Path<'_>) -> Option<()> {
        if sample.is_object() && !value.is_object() {
            return self.fail(path);
        }
        self.value(sample, value, path)
    }

    /// Appends a value. XML writes an empty object as an empty text, which is taken for an object here.
    fn value(&mut self, sample: Value<'_>, value: Value<'_>, path: &Path<'_>) -> Option<()> {
        let text = value.as_text();
        let object = value.is_object() || text.is_some_and(|text| trim(text).is_empty());
        match (sample.kind(), text) {
            (Type::Object, _) if object => return self.fields(sample, value, path),
            (Type::List, _) => return self.list(sample, value, object, path),
            (Type::Number, _) => match value.as_integer() {
                // An integer that a JavaScript number cannot hold leaves as text, so that it loses no digit.
                Some(number) if number.unsigned_abs() > MAX_SAFE => push_string(&mut self.out, &decimal(number)),
                Some(number) => push_decimal(&mut self.out, number),
                None => return self.fail(path),
            },
            (Type::String, Some(text)) => push_string(&mut self.out, text),
            // XML writes an empty text as an element without children.
            (Type::String, None) if value.raw() == "{}" => push_string(&mut self.out, ""),
            (Type::Bool, Some(text)) if has_word("true 1 True", text) => self.out.push_str("true"),
            (Type::Bool, Some(text)) if has_word("false 0 False", text) => self.out.push_str("false"),
            _ => return self.fail(path),
        }
        Some(())
    }

    /// Appends an object: those fields of `answer` that the sample has.
    fn fields(&mut self, sample: Value<'_>, answer: Value<'_>, path: &Path<'_>) -> Option<()> {
        self.out.push_str("{");
        for (name, sample) in sample.fields() {
            let required = name.starts_with('!');
            let wire = part(name, usize::from(required), name.len());
            let here = path.field(wire);
            let value = find(answer, wire).filter(|value| !value.is_null());
            match value {
                None if required => return self.fail(&here),
                None if sample.kind() != Type::List => continue,
                _ => push_name(&mut self.out, &camel(wire)),
            }
            match value {
                Some(value) => self.value(sample, value, &here)?,
                // An absent list is an empty one.
                None => self.out.push_str("[]"),
            }
        }
        self.out.push_str("}");
        Some(())
    }

    /// Appends a list: one in JSON, or all elements of one name.
    fn list(&mut self, sample: Value<'_>, value: Value<'_>, object: bool, path: &Path<'_>) -> Option<()> {
        let mut samples = sample.items();
        let first = samples.next()?;
        let mut count = 0;
        self.out.push_str("[");
        match samples.next() {
            Some(element) if object => {
                let name = first.as_str()?;
                for (key, value) in value.fields() {
                    if key.eq_ignore_ascii_case(name) {
                        self.items(element, value, path, &mut count)?;
                    }
                }
            }
            None if value.kind() == Type::List => self.items(first, value, path, &mut count)?,
            _ => return self.fail(path),
        }
        self.out.push_str("]");
        Some(())
    }

    /// Appends the items of a list, or the one item that stands without a list around it.
    fn items(&mut self, sample: Value<'_>, value: Value<'_>, path: &Path<'_>, count: &mut usize) -> Option<()> {
        let mut rest = value.items();
        let mut next = if value.kind() == Type::List { rest.next() } else { Some(value) };
        while let Some(value) = next {
            push_comma(&mut self.out);
            self.item(sample, value, &path.item(*count))?;
            *count += 1;
            next = rest.next();
        }
        Some(())
    }
}

/// The field called `name`, or else one that differs from it only by case and underscores.
#[must_use]
pub fn find<'d>(object: Value<'d>, name: &str) -> Option<Value<'d>> {
    let found = object.get(name);
    if found.is_some() {
        return found;
    }
    for (key, value) in object.fields() {
        if letters(key).eq(letters(name)) {
            return Some(value);
        }
    }
    None
}

/// What counts in a name.
fn letters(name: &str) -> impl Iterator<Item = u8> {
    name.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

/// The string called `name`, in whatever case; empty where there is none.
#[must_use]
pub fn find_text<'d>(object: Value<'d>, name: &str) -> &'d str {
    find(object, name).and_then(Value::as_str).unwrap_or_default()
}

/// The body of an answer that came whole and is no redirect.
///
/// # Errors
/// `unexpected-answer` for a redirect (signed headers and bodies follow nobody) and for a body that
/// was too long to read.
pub fn body(response: &Response) -> Answer<&str> {
    if (300..400).contains(&response.status) || response.status == 0 {
        return Err(Error::new(Kind::UnexpectedAnswer, "the answer is a redirect, which is not followed")
            .hint("check the endpoint: the vendor's API does not redirect"));
    }
    match &response.body {
        Some(body) => Ok(body),
        None => Err(Error::new(Kind::UnexpectedAnswer, "the answer is longer than 4 MiB")),
    }
}

/// The hint where the answer seems to come from something between here and the API.
const ELSEWHERE: &str = "check the endpoint, and what stands between here and the vendor; then try again";

/// The error of an answer that is not one of this API's: a gateway's page, or cut off.
#[cold]
#[inline(never)]
#[must_use]
pub fn unreadable(response: &Response) -> Error {
    let empty = response.body.as_ref().is_some_and(|body| trim(body).is_empty());
    let (kind, message, hint) = match response.status {
        429 => (Kind::Throttled, "the gateway limits requests", "try again after a pause"),
        500.. if empty => (Kind::Server, "the vendor's gateway failed and said nothing", "try again later"),
        _ if empty => (Kind::UnexpectedAnswer, "the answer is empty", ELSEWHERE),
        _ => (Kind::UnexpectedAnswer, "the answer is not one of this API (a gateway's page, or cut off)", ELSEWHERE),
    };
    let mut error = Error::new(kind, message).hint(hint);
    error.0.retryable |= response.status >= 500;
    error
}

/// The error that a vendor's code and message make. An empty hint is none.
#[cold]
#[inline(never)]
#[must_use]
pub fn said(kind: Kind, code: &str, message: &str, hint: &str) -> Error {
    let between = if code.is_empty() || message.is_empty() { "" } else { ": " };
    let mut words = join(&[code, between, message]);
    if words.is_empty() {
        words.push_str("the vendor answered with an error and no explanation");
    }
    Error::new(kind, &words).code(code).hint(hint)
}

/// Adds the request's id, from a header, to what an answer says.
///
/// # Errors
/// The one given, with the id.
pub fn identified(mut result: Answer<Json>, id: Option<&str>) -> Answer<Json> {
    let Some(id) = id else { return result };
    match &mut result {
        Ok(json) => {
            if json.clone().read().value().get("requestId").is_none() {
                json.add("requestId", id);
            }
        }
        Err(error) => {
            if error.0.request_id.is_none() {
                error.0.request_id = Some(id.to_owned());
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_as(sample: &str, answer: &str) -> Result<String, String> {
        let document = json::parse(answer).expect(answer);
        read(sample, document.value()).map(Json::into_text).map_err(|error| error.0.message)
    }

    #[test]
    fn what_is_no_sample_s_kind_is_refused_by_its_path() {
        let sample =
            r#"{"!Id":"","Up":true,"Pool":{"Port":0},"Tags":[""],"All":[{"Id":""}],"Some":["One",{"!Id":""}]}"#;
        assert_eq!(read_as(sample, r#"{"id": 7}"#).expect("lists"), r#"{"id":"7","tags":[],"all":[],"some":[]}"#);
        assert_eq!(
            read_as(
                sample,
                r#"{"ID": {}, "Up": "True", "Pool": " ", "Tags": [1], "Some": {"one": {"Id": 9}, "x": 1, "One": []}}"#
            )
            .expect("as XML writes it"),
            r#"{"id":"","up":true,"pool":{},"tags":["1"],"all":[],"some":[{"id":"9"}]}"#
        );
        for (answer, path) in [
            ("[]", ""),
            ("{}", "Id"),
            (r#"{"Id": null}"#, "Id"),
            (r#"{"Id": []}"#, "Id"),
            (r#"{"Id": "", "Up": "yes"}"#, "Up"),
            (r#"{"Id": "", "Pool": true}"#, "Pool"),
            (r#"{"Id": "", "Pool": {"Port": "http"}}"#, "Pool.Port"),
            (r#"{"Id": "", "Tags": "a"}"#, "Tags"),
            (r#"{"Id": "", "Tags": [["a"]]}"#, "Tags[0]"),
            (r#"{"Id": "", "All": [{}, [{}]]}"#, "All[1]"),
            (r#"{"Id": "", "Some": [{"Id": ""}]}"#, "Some"),
            (r#"{"Id": "", "Some": {"One": [{"Id": ""}, ""]}}"#, "Some[1]"),
            (r#"{"Id": "", "Some": {"One": {"Id": ""}, "one": {}}}"#, "Some[1].Id"),
        ] {
            assert_eq!(
                read_as(sample, answer).expect_err(answer),
                join(&["the answer is not understood at ", path]),
                "{answer}"
            );
        }
    }
}
