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
    private readonly CancellationTokenSource _end = new();
    private ElementReference _head;
    private EdgeEnds? _revealed;
    private ExpiryClock? _expiry;
    private EdgeDetail? _detail;
    private SiloException? _problem;
    private EdgeEnds? _loaded;
    private bool _loading;
    private bool _again;

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

    protected override void OnInitialized()
    {
        _expiry = new ExpiryClock(Clock, () => InvokeAsync(Expired));
        Feed.EdgesChanged += OnEdgesChanged;
    }

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || _loaded == Ends)
            return;
        (_loaded, _detail) = (Ends, null);
        await LoadAsync();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Among the rows of a page it may lie below what is seen; beside the graph it is always in sight.
        if (Closed.HasDelegate || _detail is null || _revealed == Ends)
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
        _end.Cancel();
    }

    private string NameOf(string id) =>
        Feed.Fleet.Devices.GetValueOrDefault(id)?.Name
        ?? new[] { _detail?.Forward, _detail?.Back }.Where(side => side is not null).Select(side => side!.From == id ? side.FromName : side.To == id ? side.ToName : null).FirstOrDefault(name => name is not null)
        ?? DeviceIdText.Short(id);

    private void OnEdgesChanged(IReadOnlySet<string>? changed)
    {
        if (changed is null || changed.Contains(Ends.Key) || changed.Contains(Ends.Turned.Key))
            _ = LoadAsync();
    }

    private void Expired()
    {
        Watch();
        StateHasChanged();
    }

    private void Watch() => _expiry?.Watch(new[] { _detail?.Forward, _detail?.Back }.Where(side => side is not null).Select(side => side!.ExpiresAt));

    /// <summary>One request at a time; what changes meanwhile asks once more.</summary>
    private async Task LoadAsync()
    {
        if (_loading)
        {
            _again = true;
            return;
        }
        _loading = true;
        try
        {
            do
            {
                _again = false;
                var ends = Ends;
                var detail = await (await SignedIn.SiloAsync()).EdgeAsync(ends.From, ends.To, _end.Token);
                if (ends != Ends)
                {
                    _again = true; // Another edge was chosen while this one was on its way.
                    continue;
                }
                (_detail, _problem) = (detail, null);
                Watch();
                StateHasChanged();
            }
            while (_again);
        }
        catch (SiloException problem)
        {
            // What is shown stays while the silo is away: the pill says how old it is.
            _problem = _detail is null || problem.Code != "unreachable" ? problem : null;
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The panel is closed.
        }
        finally
        {
            _loading = false;
        }
    }
}
