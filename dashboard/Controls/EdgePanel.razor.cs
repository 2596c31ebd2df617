using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>An edge with both its directions, read again whenever the feed says that one of them changed, and drawn again when one runs out.</summary>
public partial class EdgePanel : ComponentBase
{
    private ElementReference _head;
    private EdgeEnds? _revealed;
    private ExpiryClock? _expiry;
    private Latest<EdgeDetail>? _latest;
    private EdgeEnds? _loaded;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    /// <summary>The direction to show first.</summary>
    [Parameter, EditorRequired]
    public required EdgeEnds Ends { get; set; }

    /// <summary>Shows a button that closes the panel, if given.</summary>
    [Parameter]
    public EventCallback Closed { get; set; }

    private EdgeDetail? Detail => _latest?.Value;

    protected override void OnInitialized()
    {
        _expiry = new ExpiryClock(Clock, () => InvokeAsync(Show));
        Feed.EdgesChanged += OnEdgesChanged;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || _loaded == Ends)
            return;
        var ends = _loaded = Ends;
        _latest?.Dispose();
        _latest = new(async stop => await (await SignedIn.SiloAsync()).EdgeAsync(ends.From, ends.To, stop), Show);
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Among the rows of a page it may lie below what is seen; beside the graph it is always in sight.
        if (Closed.HasDelegate || Detail is null || _revealed == Ends)
            return;
        _revealed = Ends;
        try
        {
            await using var shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
            await shell.InvokeVoidAsync("reveal", _head);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone or does not answer any more; there is nothing to reveal.
        }
    }

    public void Dispose()
    {
        Feed.EdgesChanged -= OnEdgesChanged;
        _expiry?.Dispose();
        _latest?.Dispose();
    }

    private string NameOf(string id) =>
        Feed.Fleet.Devices.GetValueOrDefault(id)?.Name
        ?? new[] { Detail?.Forward, Detail?.Back }.Where(side => side is not null).Select(side => side!.From == id ? side.FromName : side.To == id ? side.ToName : null).FirstOrDefault(name => name is not null)
        ?? DeviceIdText.Short(id);

    private string? SiteOf(string id) => Feed.Fleet.Devices.GetValueOrDefault(id)?.Site;

    private void OnEdgesChanged(IReadOnlySet<string>? changed)
    {
        if (changed is null || changed.Contains(Ends.Key) || changed.Contains(Ends.Turned.Key))
            _ = LoadAsync();
    }

    private void Show()
    {
        _expiry?.Watch(new[] { Detail?.Forward, Detail?.Back }.Where(side => side is not null).Select(side => side!.ExpiresAt));
        StateHasChanged();
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;
}
