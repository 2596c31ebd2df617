using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Pages;

/// <summary>Every device, live, found by a query. What is shown is in the URL.</summary>
public partial class Devices : ComponentBase
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(2);

    private readonly OwnUrls _urls = new();
    private ITimer? _clock;
    private IReadOnlyList<GraphNode> _shown = [];
    private FleetSummary _summary = FleetSummary.Of([]);
    private bool _ready;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>Of an old link, likewise <see cref="Site"/>: the query says it now.</summary>
    [SupplyParameterFromQuery(Name = "look")]
    public string? Look { get; set; }

    [SupplyParameterFromQuery(Name = "site")]
    public string? Site { get; set; }

    [SupplyParameterFromQuery(Name = "order")]
    public string? Order { get; set; }

    [SupplyParameterFromQuery(Name = "mode")]
    public string? Mode { get; set; }

    private DeviceQuery Query { get; set; } = DeviceQuery.Parse(null, null, null, null);

    private string ChosenSite => Query.Chosen("site") is { Count: 1 } one ? one.Single() : "";

    protected override void OnInitialized()
    {
        Feed.Changed += OnChanged;
        if (RendererInfo.IsInteractive)
            _clock = Clock.CreateTimer(_ => _ = InvokeAsync(OnTick), null, s_tick, s_tick);
    }

    protected override void OnParametersSet()
    {
        var asked = DeviceQuery.Parse(Text, Look, Site, Order, Mode);
        if (!_urls.Arrived(asked.Url("/devices")))
            return;
        Query = asked;
        Read();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _clock?.Dispose();
    }

    /// <summary>Nobody sends word of time that goes by.</summary>
    private void OnTick()
    {
        if (Query.Query.DependsOnTime)
            OnChanged(null);
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        _ready = Feed.Fleet.Sequence >= 0;
        _summary = FleetSummary.Of(Feed.Fleet.Devices.Values);
        _shown = Query.Of(Feed.Fleet.Devices.Values, Clock.GetUtcNow());
    }

    private void Go(DeviceQuery query)
    {
        var url = query.Url("/devices");
        var before = Query.Url("/devices");
        Query = query;
        // What is no query yet changes nothing but what is said about it.
        if (url == before) return;
        Read();
        _urls.Go(url);
        Navigation.NavigateTo(url, replace: true);
    }

    private void TextChanged(string text) => Go(Query.With(text));

    private void SiteChanged(ChangeEventArgs change) => Go(Query.Set("site", change.Value is string { Length: > 0 } site ? site : null));

    private void OrderChanged(ChangeEventArgs change) => Go(Query with { Order = Enum.Parse<DeviceOrder>((string)change.Value!) });
}
