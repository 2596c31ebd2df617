using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Asks for the reason of an act on a person; for rights also which, to remove also for the name.</summary>
public partial class PersonDialog : ComponentBase
{
    private GrantForm? _form;
    private string _reason = "";
    private string _typed = "";

    /// <summary>rights, disable, enable, remove.</summary>
    [Parameter, EditorRequired]
    public required string Act { get; set; }

    [Parameter, EditorRequired]
    public required OperatorView Person { get; set; }

    /// <summary>Carries it out with its reason and, for rights, the grants; answers what went wrong, or null.</summary>
    [Parameter, EditorRequired]
    public required Func<string, IReadOnlyList<Grant>, Task<string?>> Decide { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    private bool Complete => !string.IsNullOrWhiteSpace(_reason) && (Act != "remove" || _typed == Person.Name) && (Act != "rights" || _form!.Wrong is null);

    private string Verb => Act switch { "rights" => "Change rights", "disable" => "Disable", "enable" => "Enable", _ => "Remove for good" };

    private string Title => Act switch { "rights" => "Change the rights?", "disable" => "Disable this person?", "enable" => "Enable this person?", _ => "Remove this person?" };

    private string Text => Act switch
    {
        "rights" => $"What {Person.Name} may do from the next request on. Everybody may look at the whole mesh.",
        "disable" => $"{Person.Name} is signed out everywhere and gets in no more until somebody enables it again.{Tokens("stop until then")}",
        "enable" => $"{Person.Name} may sign in again, with what rights there were.",
        _ => $"{Person.Name} is signed out everywhere and taken off the list, with every passkey. What {Person.Name} did stays in the log.{Tokens("stop for good")}",
    };

    /// <summary>What else ends: whoever made a token may know its text.</summary>
    private string Tokens(string how) => Person.ApiTokens is { Count: > 0 } tokens ? $" API tokens made by {Person.Name} {how}: {string.Join(", ", tokens)}." : "";

    protected override void OnInitialized() => _form = GrantForm.Of(Person.Grants);

    private static string Label(string role) => role switch
    {
        "operator" => "Operator: suspends, resumes, revokes",
        "approver" => "Approver: also lets in, turns away",
        _ => "Admin: also policy and people",
    };

    private Task<string?> DecideAsync() => Decide(_reason.Trim(), _form!.Grants());
}
