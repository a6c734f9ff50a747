//! Ways through the page that many tests go: making each of the things that a system consists of.

use crate::page::Page;
use crate::samples::{DEFINITION, FUNCTION, HANDLER, MACHINE, QUEUE, ROLE};

/// Where all work is done.
const FORM: &str = "main > textbox";
const BUTTON: &str = "main > button";

impl Page {
    /// Leaves the first visit's workspace for an empty one.
    pub async fn start_empty(&self) {
        self.click("button", "Workspace").await;
        self.click("menuitem", "Start with an empty workspace").await;
        self.by_role_name("heading", "Start with an empty account").await;
    }

    /// Creates a queue through its form.
    pub async fn create_queue(&self, name: &str) {
        self.click("navigation > button", "Create queue").await;
        self.type_text(FORM, "Name", name).await;
        self.click(BUTTON, "Create queue").await;
        self.wait_for_text(&format!("Queue “{name}” created successfully.")).await;
    }

    /// Creates a state machine with a generated role. What the editor holds already is replaced.
    pub async fn create_state_machine(&self, name: &str, definition: &str) {
        self.click("navigation > button", "Create state machine").await;
        self.replace_text(FORM, "State machine definition", definition).await;
        self.finish_state_machine(name).await;
    }

    /// Names the state machine whose definition is in the editor, and creates it.
    pub async fn finish_state_machine(&self, name: &str) {
        self.replace_text(FORM, "State machine name", name).await;
        self.create_in_head("Create state machine").await;
        self.wait_for_text(&format!("State machine {name} was created.")).await;
    }

    /// Clicks the first of the buttons of this name: those at the foot of a form stand at its head, too.
    pub async fn create_in_head(&self, name: &str) {
        let buttons = self.all_by_role_name(BUTTON, name).await;
        let button = buttons.first().unwrap_or_else(|| panic!("no button «{name}»"));
        button.click().await.expect("the button can be clicked");
    }

    /// Creates a role for Lambda; each policy is found by search.
    pub async fn create_role(&self, name: &str, policies: &[&str]) {
        self.click("navigation > button", "Create role").await;
        for policy in policies {
            self.replace_text("main > searchbox", "Search policies", policy).await;
            self.click("main > checkbox", &format!("{policy}…")).await;
        }
        self.type_text(FORM, "Role name", name).await;
        self.click(BUTTON, "Create role").await;
        self.wait_for_text(&format!("Role {name} created.")).await;
    }

    /// Creates a function from scratch.
    pub async fn create_function(&self, name: &str, runtime: &str, role: &str) {
        self.click("navigation > button", "Create function").await;
        self.type_text(FORM, "Function name", name).await;
        self.choose("main > combobox", "Runtime", runtime).await;
        self.choose("main > combobox", "Execution role", role).await;
        self.click(BUTTON, "Create function").await;
        self.wait_for_text(&format!("Successfully created the function “{name}”.")).await;
    }

    /// Pastes a handler over what is in the open function's editor, and deploys it.
    pub async fn deploy(&self, function: &str, code: &str) {
        self.replace_text(FORM, &format!("Code of {function}"), code).await;
        self.wait_for_text("Changes not deployed").await;
        self.click(BUTTON, "Deploy").await;
        self.wait_for_text("Changes deployed").await;
    }

    /// Adds an SQS trigger to the open function, and waits until it polls or is off.
    pub async fn add_trigger(&self, queue: &str, active: bool) {
        self.click("main > tab", "Configuration").await;
        self.click("region «Triggers» > button", "Add trigger").await;
        self.choose("main > combobox", "SQS queue", queue).await;
        let switch = self.by_role_name("main > switch", "Activate trigger").await;
        if switch.is_selected().await.expect("a switch") != active {
            switch.click().await.expect("the switch can be clicked");
        }
        self.click(BUTTON, "Add").await;
        self.wait_for_text_of("region", "Triggers", if active { "Enabled" } else { "Disabled" }).await;
    }

    /// Opens something by the explorer: `State machines`, `Queues`, `Functions` or `Roles`.
    pub async fn open_in_explorer(&self, group: &str, name: &str) {
        self.click(&format!("tree «{group}» > treeitem"), &format!("{name}…")).await;
        self.by_role_name("main > heading", name).await;
    }

    /// Starts an execution of the open state machine.
    pub async fn start_execution(&self, input: &str) {
        self.click(BUTTON, "Start execution").await;
        self.replace_text("region «Start execution» > textbox", "Execution input as JSON", input).await;
        self.click("region «Start execution» > button", "Start execution").await;
    }

    /// Confirms a deletion by the word that the dialog asks for.
    pub async fn confirm_delete(&self, word: &str) {
        self.type_text("dialog > textbox", &format!("To confirm, type {word}"), word).await;
        self.click("dialog > button", "Delete").await;
        self.wait_until("the dialog is closed", async || self.all_by_role_containing("dialog", "").await.is_empty())
            .await;
    }

    /// Our own system, empty workspace first: queue, state machine, role, function with trigger. Ends at the state
    /// machine.
    pub async fn build_bakery(&self, trigger_active: bool) {
        self.start_empty().await;
        self.create_queue(QUEUE).await;
        self.create_state_machine(MACHINE, DEFINITION).await;
        self.create_role(ROLE, &["AmazonSQSFullAccess", "AWSStepFunctionsFullAccess"]).await;
        self.create_function(FUNCTION, "Node.js 22.x", ROLE).await;
        self.deploy(FUNCTION, HANDLER).await;
        self.add_trigger(QUEUE, trigger_active).await;
        self.open_in_explorer("State machines", MACHINE).await;
    }
}
