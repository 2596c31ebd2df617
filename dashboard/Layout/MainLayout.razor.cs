using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Layout;

/// <summary>Rail, top bar and the page; owns the start of the circuit's live feed.</summary>
public partial class MainLayout
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(3), s_patience = TimeSpan.FromMilliseconds(300);
    private readonly CancellationTokenSource _end = new();
    private int _pending;
    private string? _name;
    private bool _asking;
    /// <summary>The rights are the silo's own words, and not what it said at sign-in.</summary>
    private bool _sure;
    private AlertTally? _alerts;
    private TrendWatch? _trend;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required FleetTrend Trend { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private Rights? Rights { get; set; }

    private ErrorBoundary? Boundary { get; set; }

    private string PagePath => new Uri(Navigation.Uri).PathAndQuery;

    private int Pending => _pending;

    private int Firing => _alerts?.Firing ?? 0;

    /// <summary>The graph has a feed of its own, and a pill that tells of it; two pills would only puzzle.</summary>
    private bool DrawsItsOwn => new Uri(Navigation.Uri) is { AbsolutePath: "/graph" } uri && !uri.Query.Contains("view=table", StringComparison.Ordinal);

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnMoved;
        _name = (await SignedIn.RememberedAsync()).Name;
        if (!RendererInfo.IsInteractive)
        {
            // Whoever opens a page sees its frame soon, however long the silo takes.
            using var late = new CancellationTokenSource(s_patience, Clock);
            await AskRightsAsync(late.Token);
            return;
        }
        Feed.Changed += OnChanged;
        Feed.Start(InvokeAsync);
        _alerts = new AlertTally(SignedIn, Clock, s_look, InvokeAsync, StateHasChanged);
        _alerts.Start();
        _trend = new TrendWatch(Feed, Trend, Clock, InvokeAsync);
        _trend.Start();
        await AskRightsAsync(_end.Token);
    }

    public void Dispose()
    {
        Navigation.LocationChanged -= OnMoved;
        Feed.Changed -= OnChanged;
        _alerts?.Dispose();
        _trend?.Dispose();
        _end.Cancel();
    }

    private async Task AskRightsAsync(CancellationToken cancel)
    {
        _asking = true;
        try
        {
            var told = await SignedIn.RightsAsync(cancel);
            (Rights, _sure) = (told ?? await SignedIn.RememberedAsync(), told is not null);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The page is left, or what the person may do comes after its frame.
            return;
        }
        finally
        {
            _asking = false;
        }
        StateHasChanged();
    }

    private void OnMoved(object? sender, LocationChangedEventArgs moved)
    {
        Recover();
        StateHasChanged();
    }

    private void Recover() => Boundary?.Recover();

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (Feed.State == FeedState.Ended)
        {
            SignInAgain.Go(Navigation);
            return;
        }
        // It did not answer when the page was opened, and does now: what it allows may be more, or less, than at sign-in.
        if (Feed.State == FeedState.Live && !_sure && !_asking)
            _ = AskRightsAsync(_end.Token);
        var pending = Feed.Fleet.Devices.Values.Count(device => device.Look == Looks.Pending);
        if (pending == _pending && changed is not null)
            return;
        _pending = pending;
        StateHasChanged();
    }
}
