using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Asks for the reason of a decision about one device; to revoke, also for its name.</summary>
public partial class DecisionDialog : ComponentBase, IAsyncDisposable
{
    private ElementReference _dialog;
    private IJSObjectReference? _shell;
    private string _reason = "";
    private string _typed = "";
    private bool _busy;

    [Inject]
    public required IJSRuntime Script { get; init; }

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

    private string? Problem { get; set; }

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

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
        await _shell.InvokeVoidAsync("openDialog", _dialog);
    }

    private async Task SubmitAsync()
    {
        if (!Complete || _busy)
            return;
        _busy = true;
        Problem = await Decide(string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim());
        _busy = false;
        if (Problem is null)
            await CloseAsync();
    }

    private async Task CloseAsync()
    {
        if (_shell is not null)
            await _shell.InvokeVoidAsync("closeDialog", _dialog);
        await Closed.InvokeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_shell is not null)
                await _shell.DisposeAsync();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone or does not answer any more; what was here went with it.
        }
    }
}
