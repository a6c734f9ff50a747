//! Performs what the session asks for, and brings it what the browser has to say: frames, the worker's replies,
//! the end of the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use yew::prelude::*;

use crate::host::frame::Frames;
use crate::host::keeping::{Current, Keeping, SaveState};
use crate::host::opening::Opened;
use crate::host::session_context::{Clock, SessionHandle};
use crate::host::ui::{self, UiChange, use_ui};
use crate::host::worker::WatchedWorker;
use crate::host::workspaces::Workspaces;
use crate::session::{Action, HostEffect, Place, Session};

/// Changes that follow one another quickly are saved once.
const SAVE_AFTER_MILLIS: u32 = 300;
/// How often views that show the time are drawn again.
const CLOCK_EVERY_MILLIS: f64 = 90.0;
/// How often the clock is kept while nothing else happens.
const SAVE_CLOCK_EVERY_MILLIS: f64 = 5_000.0;
/// A longer gap between frames is a tab that was away: virtual time did not go on in it.
const LONGEST_FRAME_MILLIS: f64 = 250.0;

#[derive(Debug, PartialEq, Properties)]
pub struct SessionProviderProps {
    /// The opened workspace; taken over once.
    pub opened: OpenedCell,
    pub children: Children,
}

/// An opened workspace on its way into the page.
#[derive(Clone, Debug)]
pub struct OpenedCell(Rc<OpenedParts>);

#[derive(Debug)]
struct OpenedParts {
    session: Rc<RefCell<Session>>,
    current: RefCell<Option<Current>>,
}

impl OpenedCell {
    #[must_use]
    pub fn new(opened: Opened) -> OpenedCell {
        if opened.elsewhere {
            // Before anything is shown, as a link may lead to a place of its own.
            ui::forget_place();
        }
        OpenedCell(Rc::new(OpenedParts {
            session: Rc::new(RefCell::new(opened.session)),
            current: RefCell::new(Some(opened.current)),
        }))
    }
}

impl PartialEq for OpenedCell {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

/// The sentence that screen readers are to say next; counted, so that the same one is said twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Announcement {
    pub text: AttrValue,
    pub count: u32,
}

/// Provides session, clock and workspaces to everything inside, and keeps them going.
#[component]
pub fn SessionProvider(props: &SessionProviderProps) -> Html {
    let ui = use_ui();
    let parts = Rc::clone(&props.opened.0);
    let session = Rc::clone(&parts.session);
    let revision = use_state(|| session.borrow().revision());
    let clock = use_state(|| Clock { now: session.borrow().account().now() });
    let saved = use_state_eq(|| SaveState::Saving);
    let announcement = use_state(Announcement::default);

    let go_home = use_callback(ui.dispatcher(), |(), ui| ui.dispatch(UiChange::Go(Place::Welcome)));
    let driver = use_memo((), {
        let (parts, saved, announcement) = (Rc::clone(&parts), saved.setter(), announcement.setter());
        let (revision, clock) = (revision.setter(), clock.setter());
        move |()| {
            let on_change = move |session: &Session| {
                revision.set(session.revision());
                clock.set(Clock { now: session.account().now() });
            };
            // It is there, for nobody else takes it.
            let current = parts.current.take()?;
            Some(Driver::new(Rc::clone(&parts.session), current, on_change, saved, announcement, go_home))
        }
    });
    {
        let driver = driver.clone();
        use_effect_with((), move |()| {
            let going = (*driver).clone().map(|driver| {
                driver.perform();
                driver.save_soon();
                (driver.frames(), driver.save_on_leaving())
            });
            move || drop(going)
        });
    }
    let Some(driver) = (*driver).clone() else { return Html::default() };
    let workspaces = driver.workspaces.clone();
    let after = use_callback(driver, |(), driver| driver.perform());
    let handle = SessionHandle::new(session, after);
    html! {
        <ContextProvider<SessionHandle> context={handle}>
            <ContextProvider<Workspaces> context={workspaces}>
                <ContextProvider<Clock> context={*clock}>
                    <ContextProvider<SaveState> context={*saved}>
                        <ContextProvider<Announcement> context={(*announcement).clone()}>
                            { props.children.clone() }
                        </ContextProvider<Announcement>>
                    </ContextProvider<SaveState>>
                </ContextProvider<Clock>>
            </ContextProvider<Workspaces>>
        </ContextProvider<SessionHandle>>
    }
}

#[derive(Clone)]
struct Driver {
    session: Rc<RefCell<Session>>,
    worker: WatchedWorker,
    keeping: Keeping,
    workspaces: Workspaces,
    on_change: Rc<dyn Fn(&Session)>,
    saving: Rc<RefCell<Option<Timeout>>>,
    announcement: UseStateSetter<Announcement>,
    announced: Rc<Cell<u32>>,
}

impl PartialEq for Driver {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.session, &other.session)
    }
}

impl Driver {
    fn new(
        session: Rc<RefCell<Session>>,
        current: Current,
        on_change: impl Fn(&Session) + 'static,
        saved: UseStateSetter<SaveState>,
        announcement: UseStateSetter<Announcement>,
        go_home: Callback<()>,
    ) -> Driver {
        // What comes back from the browser goes the same way as everything else; the driver is made after those who
        // bring it, so it waits in a cell.
        let itself: Rc<RefCell<Option<Driver>>> = Rc::default();
        let with_driver = move |itself: &RefCell<Option<Driver>>, work: &dyn Fn(&Driver)| {
            let driver = itself.borrow().clone();
            if let Some(driver) = driver {
                work(&driver);
            }
        };
        let worker = WatchedWorker::new({
            let itself = Rc::clone(&itself);
            move |action| with_driver(&itself, &|driver| driver.dispatch(action.clone()))
        });
        let after = Callback::from({
            let itself = Rc::clone(&itself);
            move |()| with_driver(&itself, &Driver::perform)
        });
        let keeping = Keeping::new(Rc::clone(&session), current, move |state| saved.set(state), after.clone());
        let workspaces = Workspaces::new(Rc::clone(&session), keeping.clone(), after, go_home);
        let driver = Driver {
            session,
            worker,
            keeping,
            workspaces,
            on_change: Rc::new(on_change),
            saving: Rc::default(),
            announcement,
            announced: Rc::default(),
        };
        *itself.borrow_mut() = Some(driver.clone());
        driver
    }

    fn dispatch(&self, action: Action) {
        self.session.borrow_mut().dispatch(action);
        self.perform();
    }

    /// Performs the outbox, then lets the views know.
    fn perform(&self) {
        loop {
            let effect = self.session.borrow_mut().poll_effect();
            match effect {
                Some(HostEffect::Save) => self.save_soon(),
                Some(HostEffect::RunHandler(request)) => self.worker.run(&request),
                Some(HostEffect::StopWorker) => self.worker.stop(),
                Some(HostEffect::Workspace(deed)) => self.workspaces.perform(deed),
                Some(HostEffect::Announce(text)) => {
                    self.announced.set(self.announced.get() + 1);
                    self.announcement.set(Announcement { text: text.into(), count: self.announced.get() });
                }
                None => break,
            }
        }
        (self.on_change)(&self.session.borrow());
    }

    fn frames(&self) -> Frames {
        let driver = self.clone();
        let (mut last_frame, mut last_clock, mut last_save) = (None, 0.0, 0.0);
        Frames::start(move |time| {
            let elapsed = (time - last_frame.replace(time).unwrap_or(time)).clamp(0.0, LONGEST_FRAME_MILLIS);
            if !driver.session.borrow().playback().playing {
                return;
            }
            // The clock alone is no change; it is kept now and then, and when the page is left.
            driver.keeping.mark();
            if time - last_save >= SAVE_CLOCK_EVERY_MILLIS {
                last_save = time;
                driver.save();
            }
            let before = driver.session.borrow().revision();
            driver.session.borrow_mut().dispatch(Action::Tick { real_micros: (elapsed * 1_000.0) as u64 });
            let changed = driver.session.borrow().revision() != before;
            if changed || time - last_clock >= CLOCK_EVERY_MILLIS {
                last_clock = time;
                driver.perform();
            }
        })
    }

    fn save_soon(&self) {
        self.keeping.mark();
        self.keeping.show(SaveState::Saving);
        let mut saving = self.saving.borrow_mut();
        if saving.is_none() {
            let driver = self.clone();
            *saving = Some(Timeout::new(SAVE_AFTER_MILLIS, move || driver.save()));
        }
    }

    fn save(&self) {
        self.saving.borrow_mut().take();
        self.keeping.save();
    }

    /// The page is hidden or closed: what waits to be saved is saved now.
    fn save_on_leaving(&self) -> gloo_events::EventListener {
        let driver = self.clone();
        let page = gloo_utils::document();
        gloo_events::EventListener::new(&page, "visibilitychange", move |_| driver.save())
    }
}
