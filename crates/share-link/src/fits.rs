//! Where a link fits: how many characters the places take in which links are sent.

/// A place, and the longest text or link it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub name: &'static str,
    /// The same in a sentence.
    phrase: &'static str,
    pub most: usize,
    /// What happens beyond it.
    pub beyond: &'static str,
}

/// By how much they take, least first.
pub const PLACES: [Place; 7] = [
    Place {
        name: "Line of e-mail",
        phrase: "a line of e-mail",
        most: 998,
        beyond: "mail programs may break the line, and with it the link",
    },
    Place { name: "Discord message", phrase: "a Discord message", most: 2_000, beyond: "the message is refused" },
    Place { name: "QR code", phrase: "a QR code", most: 2_953, beyond: "the largest code is full" },
    Place { name: "Slack message", phrase: "a Slack message", most: 4_000, beyond: "the message may be split" },
    Place { name: "GitHub comment", phrase: "a GitHub comment", most: 65_536, beyond: "the comment is refused" },
    Place {
        name: "Safari’s address bar",
        phrase: "Safari’s address bar",
        most: 80_000,
        beyond: "the page may not open",
    },
    Place {
        name: "Firefox’s address bar",
        phrase: "Firefox’s address bar",
        most: 1_000_000,
        beyond: "the page does not open",
    },
];

/// A sentence about a link of so many characters, its address included.
#[must_use]
pub fn sentence(characters: usize) -> String {
    let (fits, not): (Vec<&Place>, Vec<&Place>) = PLACES.iter().partition(|place| characters <= place.most);
    match (fits.as_slice(), not.as_slice()) {
        (_, []) => "It fits everywhere.".to_owned(),
        ([], _) => "It fits nowhere: share the project file.".to_owned(),
        ([first, ..], [.., last]) => format!("It fits in {}, but not in {}.", first.phrase, last.phrase),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_order_and_the_sentence_names_the_borders() {
        assert!(PLACES.is_sorted_by_key(|place| place.most));
        assert_eq!(sentence(998), "It fits everywhere.");
        assert_eq!(sentence(2_001), "It fits in a QR code, but not in a Discord message.");
        assert_eq!(sentence(2_000_000), "It fits nowhere: share the project file.");
    }
}
