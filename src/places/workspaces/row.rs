//! A workspace in the list: its name, which can be changed in place, and what can be done with it.

use web_sys::HtmlInputElement;
use yew::platform::spawn_local;
use yew::prelude::*;

use crate::components::button::{Button, ButtonKind};
use crate::components::menu::{Menu, MenuItem};
use crate::host::workspaces::{Listed, Workspaces, use_workspaces};
use crate::session::WorkspaceDeed;

/// What is done with a workspace of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    Open,
    OpenCopy,
    TakeOver,
    Duplicate,
    Download,
    Delete,
    Restore,
    Erase,
}

impl Deed {
    pub async fn perform(self, workspaces: &Workspaces, id: &str) {
        match self {
            Deed::Open => workspaces.open(id, false).await,
            Deed::OpenCopy => workspaces.perform(WorkspaceDeed::OpenCopy(id.to_owned())),
            Deed::TakeOver => workspaces.open(id, true).await,
            Deed::Duplicate => workspaces.duplicate(id).await,
            Deed::Download => workspaces.download(id).await,
            Deed::Delete => workspaces.delete(id).await,
            Deed::Restore => workspaces.restore(id).await,
            Deed::Erase => workspaces.erase(id).await,
        }
    }

    fn of_menu(item: &str) -> Option<Deed> {
        Some(match item {
            "copy" => Deed::OpenCopy,
            "take-over" => Deed::TakeOver,
            "duplicate" => Deed::Duplicate,
            "download" => Deed::Download,
            "delete" => Deed::Delete,
            _ => return None,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
pub struct RowProps {
    pub listed: Listed,
    pub on_deed: Callback<(AttrValue, Deed)>,
    /// The list is to be read again.
    pub on_change: Callback<()>,
}

#[component]
pub fn Row(props: &RowProps) -> Html {
    let Listed { id, summary, here, elsewhere, in_memory } = props.listed.clone();
    let id = AttrValue::from(id);
    let renaming = use_state(|| false);
    let choose = {
        let (id, on_deed, renaming) = (id.clone(), props.on_deed.clone(), renaming.clone());
        Callback::from(move |item: AttrValue| match Deed::of_menu(&item) {
            Some(deed) => on_deed.emit((id.clone(), deed)),
            None => renaming.set(true),
        })
    };
    let mut items = Vec::new();
    if !elsewhere {
        items.push(MenuItem::new("rename", "Rename"));
    }
    if summary.damaged.is_none() {
        items.push(MenuItem::new("duplicate", "Duplicate"));
    }
    if elsewhere {
        items.push(MenuItem::new("copy", "Open a copy"));
        items.push(MenuItem::new("take-over", "Take it over from the other tab"));
    }
    items.push(MenuItem::new("download", "Download"));
    if !elsewhere {
        items.push(MenuItem::new("delete", "Delete"));
    }
    let state = match (here, elsewhere, &summary.damaged) {
        (true, _, _) if in_memory => "Open here, not saved: it lasts as long as this page".to_owned(),
        (true, _, _) => "Open here".to_owned(),
        (_, true, _) => "Open in another tab".to_owned(),
        (_, _, Some(why)) => format!("Cannot be opened. {why}"),
        _ if in_memory => "Not saved: it lasts as long as this page".to_owned(),
        _ => String::new(),
    };
    let open = {
        let (id, on_deed) = (id.clone(), props.on_deed.clone());
        Callback::from(move |_| on_deed.emit((id.clone(), Deed::Open)))
    };
    let label = if summary.damaged.is_some() { "Try again" } else { "Open" };
    html! {
        <tr>
            <th scope="row">
                if *renaming {
                    <Rename {id} name={summary.name.clone()} on_done={
                        let (renaming, on_change) = (renaming.setter(), props.on_change.clone());
                        Callback::from(move |()| {
                            renaming.set(false);
                            on_change.emit(());
                        })
                    } />
                } else {
                    { &summary.name }
                }
            </th>
            <td>{ day_and_time(summary.changed) }</td>
            <td class="number">{ size(summary.bytes) }</td>
            <td>{ state }</td>
            <td>
                <div class="button-row">
                    if !here && !elsewhere {
                        <Button {label} spoken={format!("{label} {}", summary.name)} small=true onclick={open} />
                    }
                    <Menu label={format!("Actions for {}", summary.name)} {items} on_choose={choose} />
                </div>
            </td>
        </tr>
    }
}

#[derive(Clone, Debug, PartialEq, Properties)]
struct RenameProps {
    id: AttrValue,
    name: AttrValue,
    on_done: Callback<()>,
}

#[component]
fn Rename(props: &RenameProps) -> Html {
    let workspaces = use_workspaces();
    let text = use_state(|| props.name.clone());
    let error = use_state(|| None::<AttrValue>);
    let field = use_node_ref();
    {
        let field = field.clone();
        use_effect_with((), move |()| {
            if let Some(field) = field.cast::<HtmlInputElement>() {
                // Where it cannot be focused it can still be clicked.
                let _ = field.focus();
                field.select();
            }
        });
    }
    let onsubmit = {
        let (id, on_done) = (props.id.clone(), props.on_done.clone());
        let (text, error) = (text.clone(), error.setter());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let (id, on_done, text) = (id.clone(), on_done.clone(), (*text).clone());
            let (workspaces, error) = (workspaces.clone(), error.clone());
            spawn_local(async move {
                match workspaces.rename(&id, &text).await {
                    Ok(()) => on_done.emit(()),
                    Err(why) => error.set(Some(why.into())),
                }
            });
        })
    };
    let oninput = {
        let text = text.setter();
        Callback::from(move |event: InputEvent| {
            text.set(event.target_unchecked_into::<HtmlInputElement>().value().into());
        })
    };
    let onkeydown = {
        let on_done = props.on_done.clone();
        Callback::from(move |event: KeyboardEvent| {
            if event.key() == "Escape" {
                on_done.emit(());
            }
        })
    };
    html! {
        <form class="rename" {onsubmit}>
            <input
                ref={field} class="input" aria-label="New name" value={(*text).clone()} {oninput} {onkeydown}
                aria-invalid={error.is_some().then_some("true")} autocomplete="off" spellcheck="false"
            />
            <Button label="Save" small=true kind={ButtonKind::Primary} submit=true />
            <Button label="Cancel" small=true onclick={props.on_done.reform(|_| ())} />
            if let Some(error) = &*error { <p class="field-error" role="alert">{ error }</p> }
        </form>
    }
}

/// A deleted workspace, which can be brought back.
pub fn deleted(listed: &Listed, on_deed: &Callback<(AttrValue, Deed)>) -> Html {
    let name = &listed.summary.name;
    let button = |label: &'static str, deed: Deed| {
        let (id, on_deed) = (AttrValue::from(listed.id.clone()), on_deed.clone());
        let onclick = Callback::from(move |_: MouseEvent| on_deed.emit((id.clone(), deed)));
        html! { <Button {label} spoken={format!("{label} {name}")} small=true {onclick} /> }
    };
    html! {
        <li key={listed.id.clone()}>
            <span>{ name }</span>
            { button("Bring back", Deed::Restore) }
            { button("Delete for good", Deed::Erase) }
        </li>
    }
}

/// `2026-11-26 14:03`, in the person's own time zone.
fn day_and_time(millis: u64) -> String {
    if millis == 0 {
        return String::new();
    }
    let date = js_sys::Date::new(&(millis as f64).into());
    format!(
        "{}-{:02}-{:02} {:02}:{:02}",
        date.get_full_year(),
        date.get_month() + 1,
        date.get_date(),
        date.get_hours(),
        date.get_minutes()
    )
}

/// `4 KB`, `1.3 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes / 1_000),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_short() {
        assert_eq!(size(12), "12 B");
        assert_eq!(size(48_900), "48 KB");
        assert_eq!(size(1_350_000), "1.3 MB");
    }
}
