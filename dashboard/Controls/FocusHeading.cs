using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace TrustMesh.Dashboard.Controls;

/// <summary>
/// Puts the focus on the heading of a page a person arrives at, so that a screen reader starts there; the framework's own way takes it from whoever is
/// faster than the page and already writes in it.
/// </summary>
public sealed class FocusHeading : ComponentBase
{
    private Type? _at;
    private bool _arrived;

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Parameter, EditorRequired]
    public required Microsoft.AspNetCore.Components.RouteData Route { get; set; }

    protected override void OnParametersSet()
    {
        _arrived |= Route.PageType != _at;
        _at = Route.PageType;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!_arrived)
            return;
        _arrived = false;
        try
        {
            await using var shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
            await shell.InvokeVoidAsync("focusHeading");
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The page was left before its heading was there.
            return;
        }
    }
}
