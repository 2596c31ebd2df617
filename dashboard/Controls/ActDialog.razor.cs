using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace TrustMesh.Dashboard.Controls;

/// <summary>The frame of a dialog that asks before something is done: open until it is done or let go, with what went wrong in it.</summary>
public partial class ActDialog : ComponentBase, IAsyncDisposable
{
    private ElementReference _dialog;
    private IJSObjectReference? _shell;
    private string? _problem;
    private bool _busy;
    private bool _gone;

    [Inject]
    public required IJSRuntime Script { get; init; }

    /// <summary>Begins the ids of its elements.</summary>
    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    /// <summary>What happens then.</summary>
    [Parameter, EditorRequired]
    public required string Text { get; set; }

    /// <summary>On the button that does it.</summary>
    [Parameter, EditorRequired]
    public required string Verb { get; set; }

    [Parameter]
    public bool Danger { get; set; }

    /// <summary>Everything that is needed is there.</summary>
    [Parameter, EditorRequired]
    public required bool Complete { get; set; }

    /// <summary>Does it; answers what went wrong, or null.</summary>
    [Parameter, EditorRequired]
    public required Func<Task<string?>> Act { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    /// <summary>What is asked for.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
            return;
        _shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
        // Let go of before its script came, there is nothing left to open.
        if (!_gone)
            await _shell.InvokeVoidAsync("openDialog", _dialog);
    }

    private async Task SubmitAsync()
    {
        if (!Complete || _busy)
            return;
        _busy = true;
        _problem = await Act();
        _busy = false;
        if (_problem is null)
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
        _gone = true;
        await PageScript.CloseAsync(null, _shell);
    }
}
