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
    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);
    private readonly CancellationTokenSource _end = new();
    private FleetSummary _summary = FleetSummary.Of([]);
    private IReadOnlyList<TrustEvent> _events = [];
    private EventTail? _tail;
    private ITimer? _minute;
    private MeshView? _mesh;
    private SiloException? _problem;
    private IReadOnlyList<GraphNode> _waiting = [];
    private DateTimeOffset _now;
    private long _alertNews;
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

    [Inject]
    public required FleetTrend Trend { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        Feed.Changed += OnChanged;
        Feed.EdgesChanged += OnEdgesChanged;
        Read();
        // In a quiet mesh nothing asks for a new drawing, and the lines go on all the same.
        _minute = Clock.CreateTimer(_ => _ = InvokeAsync(() =>
        {
            Read();
            StateHasChanged();
        }), null, s_minute, s_minute);
        Follow();
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        Feed.EdgesChanged -= OnEdgesChanged;
        _minute?.Dispose();
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
            // Another silo numbers anew: that it is another number is enough.
            _alertNews = events.FirstOrDefault(one => one.Kind is "alert" or "operator")?.Sequence ?? 0;
            StateHasChanged();
        }, StateHasChanged);
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
        OnEdgesChanged(null);
    }

    /// <summary>The counters of evidence, and who is vouched for, are the silo's; read again with the fleet, one request at a time.</summary>
    private void OnEdgesChanged(IReadOnlySet<string>? changed)
    {
        if (Feed.State == FeedState.Live && !_loading)
            _ = LoadAsync();
    }

    private void Read()
    {
        _ready = Feed.Fleet.Sequence >= 0;
        _now = Clock.GetUtcNow();
        _summary = FleetSummary.Of(Feed.Fleet.Devices.Values);
        // What is drawn ends with what is shown.
        if (_ready && Feed.State == FeedState.Live)
            Trend.Note(Feed.Fleet.Mesh, _now, _summary.Counts);
        _waiting = [.. Feed.Fleet.Devices.Values.Where(device => device.Look == Looks.Pending).OrderBy(device => device.EnrolledAt).ThenBy(device => device.Name, StringComparer.Ordinal)];
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
