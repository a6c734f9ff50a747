//! Where a link fits: how many characters the places take in which links are sent.

/// A place, and the longest text or link it takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub name: &'static str,
    pub most: usize,
    /// What happens beyond it.
    pub beyond: &'static str,
}

/// By how much they take, least first.
pub const PLACES: [Place; 7] = [
    Place { name: "A line of e-mail", most: 998, beyond: "mail programs may break the line, and with it the link" },
    Place { name: "Discord", most: 2_000, beyond: "the message is refused" },
    Place { name: "QR code", most: 2_953, beyond: "the largest code is full" },
    Place { name: "Slack", most: 4_000, beyond: "the message may be split" },
    Place { name: "GitHub comment", most: 65_536, beyond: "the comment is refused" },
    Place { name: "Address bar of Safari", most: 80_000, beyond: "the page may not open" },
    Place { name: "Address bar of Firefox", most: 1_000_000, beyond: "the page does not open" },
];

/// A sentence about a link of so many characters, its address included.
#[must_use]
pub fn sentence(characters: usize) -> String {
    let (fits, not): (Vec<&Place>, Vec<&Place>) = PLACES.iter().partition(|place| characters <= place.most);
    match (fits.as_slice(), not.as_slice()) {
        (_, []) => "It fits everywhere.".to_owned(),
        ([], _) => "It fits nowhere: share the project file.".to_owned(),
        ([first, ..], [.., last]) => format!("Too long for: {}. Fits from: {}.", last.name, first.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_order_and_the_sentence_names_the_borders() {
        assert!(PLACES.is_sorted_by_key(|place| place.most));
        assert_eq!(sentence(998), "It fits everywhere.");
        assert_eq!(sentence(2_001), "Too long for: Discord. Fits from: QR code.");
        assert_eq!(sentence(2_000_000), "It fits nowhere: share the project file.");
    }
}
