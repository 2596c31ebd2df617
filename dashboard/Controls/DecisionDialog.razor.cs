using Microsoft.AspNetCore.Components;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Asks for the reason of a decision about one device; to revoke, also for its name.</summary>
public partial class DecisionDialog : ComponentBase
{
    private string _reason = "";
    private string _typed = "";

    /// <summary>approve, suspend, resume, revoke.</summary>
    [Parameter, EditorRequired]
    public required string Act { get; set; }

    [Parameter, EditorRequired]
    public required string Name { get; set; }

    /// <summary>Carries out the decision with its reason; answers what went wrong, or null.</summary>
    [Parameter, EditorRequired]
    public required Func<string?, Task<string?>> Decide { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    private bool ReasonRequired => Act is "suspend" or "revoke";

    private bool Complete => (!ReasonRequired || !string.IsNullOrWhiteSpace(_reason)) && (Act != "revoke" || _typed == Name);

    private string Verb => Act switch { "approve" => "Approve", "suspend" => "Suspend", "resume" => "Resume", _ => "Revoke for good" };

    private string Title => Act switch { "approve" => "Approve this device?", "suspend" => "Suspend this device?", "resume" => "Resume this device?", _ => "Revoke this device?" };

    private string Text => Act switch
    {
        "approve" => $"{Name} becomes a member of the mesh and is judged from its next proof on.",
        "suspend" => $"{Name} is set aside until somebody resumes it. Peers stop relying on it.",
        "resume" => $"{Name} becomes active again; its next proof decides how it is drawn.",
        _ => $"{Name} leaves the mesh for good. It cannot be resumed; to come back it has to be replaced or enrolled with another root.",
    };

    private Task<string?> DecideAsync() => Decide(string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim());
}
