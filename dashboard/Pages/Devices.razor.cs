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
    private IReadOnlyList<DeviceColumn> _columns = DeviceColumn.Usual;
    private BulkAnswer? _tagged;
    private bool _tagging;
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

    /// <summary>Columns of the table.</summary>
    [SupplyParameterFromQuery(Name = "cols")]
    public string? Cols { get; set; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    private DeviceQuery Query { get; set; } = DeviceQuery.Parse(null, null, null, null);

    private string ChosenSite => Query.Chosen("site") is { Count: 1 } one ? one.Single() : "";

    /// <summary>Why there is no act on what was found; null if there is.</summary>
    private string? TagMissing =>
        Rights is null || !_ready ? "" : Rights.OperateMissing
            ?? (Query.Problem is not null ? "What is written is no query yet." : Query.Query.IsEmpty ? "To act on many, write a query that says which ones." : _shown.Count == 0 ? "The query finds nobody."
            : _shown.Count > RevocationChoice.Most ? $"At most {RevocationChoice.Most:N0} devices at once; narrow the query." : null);

    /// <summary>The wizard says itself what is too many.</summary>
    private string? RevokeMissing => _shown.Count > RevocationChoice.Most && Rights?.OperateMissing is null && !Query.Query.IsEmpty && Query.Problem is null ? null : TagMissing;

    protected override void OnInitialized()
    {
        Feed.Changed += OnChanged;
        if (RendererInfo.IsInteractive)
            _clock = Clock.CreateTimer(_ => _ = InvokeAsync(OnTick), null, s_tick, s_tick);
    }

    protected override void OnParametersSet()
    {
        var asked = DeviceQuery.Parse(Text, Look, Site, Order, Mode);
        var columns = DeviceColumn.Parse(Cols);
        if (!_urls.Arrived(Url(asked, columns)))
            return;
        (Query, _columns) = (asked, columns);
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

    private static string Url(DeviceQuery query, IReadOnlyList<DeviceColumn> columns) => DeviceColumn.Pair(columns) is { } pair ? query.Url("/devices", pair) : query.Url("/devices");

    private void Go(DeviceQuery query) => Go(query, _columns);

    private void Go(DeviceQuery query, IReadOnlyList<DeviceColumn> columns)
    {
        var url = Url(query, columns);
        var before = Url(Query, _columns);
        (Query, _columns, _tagged) = (query, columns, null);
        // What is no query yet changes nothing but what is said about it.
        if (url == before) return;
        Read();
        _urls.Go(url);
        Navigation.NavigateTo(url, replace: true);
    }

    private void TextChanged(string text) => Go(Query.With(text));

    private void SiteChanged(ChangeEventArgs change) => Go(Query.Set("site", change.Value is string { Length: > 0 } site ? site : null));

    /// <summary>Once that way, again the other way round.</summary>
    private void SortBy(DeviceColumn column) => Go(Query with { Order = column.Order!.Value, Backwards = Query.Order == column.Order && !Query.Backwards });

    private void ColumnsChanged(DeviceColumn column) => Go(Query, DeviceColumn.Toggled(_columns, column.Key));
}
