using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>The fleet at a glance: numbers from the live mirror, the mesh from the silo, the last events.</summary>
public partial class Overview : ComponentBase
{
    private readonly CancellationTokenSource _end = new();
    private FleetSummary _summary = FleetSummary.Of([]);
    private IReadOnlyList<TrustEvent> _events = [];
    private EventTail? _tail;
    private MeshView? _mesh;
    private SiloException? _problem;
    private bool _ready;
    private bool _loading;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required IHostApplicationLifetime Process { get; init; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        Feed.Changed += OnChanged;
        Read();
        Follow();
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _tail?.Dispose();
        _end.Cancel();
    }

    private void Follow()
    {
        _tail?.Dispose();
        _tail = new EventTail(SignedIn, Clock, Process.ApplicationStopping);
        _tail.Start(InvokeAsync, events =>
        {
            _events = events;
            StateHasChanged();
        }, StateHasChanged);
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
        // The counters of evidence are the silo's; read again with the fleet, one request at a time.
        if (Feed.State == FeedState.Live && !_loading)
            _ = LoadAsync();
    }

    private void Read()
    {
        _ready = Feed.Fleet.Sequence >= 0;
        _summary = FleetSummary.Of(Feed.Fleet.Devices.Values);
    }

    private async Task LoadAsync()
    {
        _loading = true;
        try
        {
            _mesh = await (await SignedIn.SiloAsync()).MeshAsync(_end.Token);
            _problem = null;
            StateHasChanged();
            await Task.Delay(TimeSpan.FromSeconds(1), Clock, _end.Token); // At most one request a second, however busy the fleet is.
        }
        catch (SiloException problem)
        {
            _problem = problem;
            StateHasChanged();
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            // The page is left.
        }
        finally
        {
            _loading = false;
        }
    }
}
