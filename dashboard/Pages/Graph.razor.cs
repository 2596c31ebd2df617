using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Controls;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Pages;

/// <summary>
/// The live graph. Its pixels and their feed belong to the browser (Graph/graph.ts), which goes on when the circuit is cut; here are the frame, the
/// panel of the selected device and the table that shows the same.
/// </summary>
public partial class Graph : ComponentBase
{
    private static readonly TimeSpan s_frame = TimeSpan.FromMilliseconds(400), s_tick = TimeSpan.FromSeconds(2);

    private ElementReference _root;
    private IJSObjectReference? _shell;
    private IJSObjectReference? _graph;
    private DotNetObjectReference<Graph>? _self;
    private FleetSummary _summary = FleetSummary.Of([]);
    private IReadOnlyList<GraphNode> _shown = [];
    private string? _selected;
    private EdgeEnds? _edge;
    private string? _site;
    private FleetGrouping _by = FleetGrouping.Site;
    private bool _ready;
    private bool _starting;
    private bool _told;
    private bool _dirty;
    private ITimer? _clock;
    private DateTimeOffset _evaluated;
    private readonly MatchSet _matches = new();
    private readonly OwnUrls _urls = new();

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required SignedIn User { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [SupplyParameterFromQuery]
    public string? View { get; set; }

    /// <summary>Why the table is shown, if the user did not choose it.</summary>
    [SupplyParameterFromQuery(Name = "because")]
    public string? Because { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    /// <summary>Of the edges' table the looks of verdicts; else of an old link: the query says it now.</summary>
    [SupplyParameterFromQuery(Name = "look")]
    public string? Look { get; set; }

    /// <summary>The site the canvas shows by itself; in the table a term of the query.</summary>
    [SupplyParameterFromQuery(Name = "site")]
    public string? Site { get; set; }

    /// <summary>What the table's rows are: devices, <c>edges</c>, or <c>groups</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Of { get; set; }

    /// <summary>What the groups are: <c>site</c>, <c>model</c> or <c>tier</c>.</summary>
    [SupplyParameterFromQuery(Name = "group")]
    public string? Group { get; set; }

    /// <summary>An edge to select at once: <c>from~to</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Edge { get; set; }

    [SupplyParameterFromQuery(Name = "mode")]
    public string? Mode { get; set; }

    private IReadOnlySet<string> EdgeLooks => EdgeQuery.LooksOf(Look);

    private bool OfEdges => Of == "edges";

    private bool OfGroups => Of == "groups";

    private FleetGrouping By => FleetGrouping.Of(Group);

    private bool Table => View == "table";

    private DeviceQuery Query { get; set; } = DeviceQuery.Parse(null, null, null, null);

    protected override void OnInitialized()
    {
        Feed.Changed += OnChanged;
        if (RendererInfo.IsInteractive)
            _clock = Clock.CreateTimer(_ => _ = InvokeAsync(FollowAsync), null, s_frame, s_frame);
    }

    protected override void OnParametersSet()
    {
        var asked = DeviceQuery.Parse(Text, OfEdges ? null : Look, Table ? Site : null, null, Mode);
        if (_urls.Arrived(new Uri(Navigation.Uri).PathAndQuery))
        {
            // The canvas draws another query: Back out of a group takes its term away again.
            _told &= Query.Url("/graph") == asked.Url("/graph");
            Query = asked;
        }
        Read();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Table)
        {
            await LetGoAsync();
            return;
        }
        if (_starting)
        {
            if (_graph is not null && !_told)
                await TellAsync();
            return;
        }
        _starting = true;
        var self = _self = DotNetObjectReference.Create(this);
        var shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
        var draws = await shell.InvokeAsync<bool>("canDraw");
        var graph = draws && self == _self ? await shell.InvokeAsync<IJSObjectReference>("openGraph", _root, self, new { edge = EdgeEnds.Parse(Edge) is null ? null : Edge }) : null;
        if (self != _self)
        {
            // The page was left, or the table chosen, while the script came.
            await PageScript.CloseAsync(graph, shell);
            return;
        }
        (_shell, _graph) = (shell, graph);
        if (!draws)
            Navigation.NavigateTo(Query.Url("/graph", "view=table", "because=webgl"), replace: true);
        await TellAsync();
        await TellPinsAsync();
    }

    /// <summary>The person put a device somewhere. Null, or why it is not kept.</summary>
    [JSInvokable]
    public Task<string?> Pin(string id, double x, double y) => KeepAsync((silo, cancel) => silo.PinAsync(id, new PinPlace(x, y), cancel));

    /// <summary>The person let a device go back to its place, or all (null). Null, or why that is not kept.</summary>
    [JSInvokable]
    public Task<string?> Unpin(string? id) => KeepAsync((silo, cancel) => silo.UnpinAsync(id, cancel));

    /// <summary>The browser selected a device, or nothing.</summary>
    [JSInvokable]
    public void Selected(string? id)
    {
        (_selected, _edge) = (id, null);
        StateHasChanged();
    }

    /// <summary>The browser selected an edge.</summary>
    [JSInvokable]
    public void SelectedEdge(string from, string to)
    {
        (_selected, _edge) = (null, new EdgeEnds(from, to));
        StateHasChanged();
    }

    /// <summary>The browser shows a site, or what else is grouped by, and nothing in it is selected; null: none.</summary>
    [JSInvokable]
    public void SelectedGroup(string by, string? name)
    {
        (_by, _site) = (FleetGrouping.Of(by), name);
        StateHasChanged();
    }

    /// <summary>Back, or forward, leads to another query.</summary>
    [JSInvokable]
    public Task Ask(string text) => TextChangedAsync(text);

    /// <summary>The browser goes into a group that is no site: the query asks for its devices.</summary>
    [JSInvokable]
    public Task Narrow(string by, string name) => FleetGrouping.Of(by) is var group && group != FleetGrouping.Site ? TextChangedAsync(Query.Set(group.Field, name).Text) : Task.CompletedTask;

    /// <summary>The browser wants a device's page.</summary>
    [JSInvokable]
    public void Open(string id) => Navigation.NavigateTo($"/devices/{Uri.EscapeDataString(id)}");

    /// <summary>The browser can only show the table.</summary>
    [JSInvokable]
    public void ShowTable() => Navigation.NavigateTo(Query.Url("/graph", "view=table", "because=webgl"));

    public async ValueTask DisposeAsync()
    {
        Feed.Changed -= OnChanged;
        _clock?.Dispose();
        await LetGoAsync();
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        _dirty = true;
        if (!Table)
            return;
        Read();
        StateHasChanged();
    }

    /// <summary>The person wrote another query, or chose one. When this is done, it is what is shown.</summary>
    private async Task TextChangedAsync(string text)
    {
        var before = Query.Url("/graph");
        Query = Query.With(text);
        if (Query.Url("/graph") == before)
            return;
        if (!Table)
        {
            await TellAsync();
            return;
        }
        Read();
        Go(TableUrl(Query, Look));
    }

    private async Task ModeAsync(bool hides)
    {
        Query = Query with { Hides = hides };
        await TellAsync();
    }

    private string TableUrl(DeviceQuery query, string? looks) =>
        OfGroups ? query.Url("/graph", "view=table", "of=groups", $"group={By.Field}") : !OfEdges ? query.Url("/graph", "view=table") : string.IsNullOrEmpty(looks) ? query.Url("/graph", "view=table", "of=edges") : query.Url("/graph", "view=table", "of=edges", $"look={looks}");

    private void Go(string url)
    {
        _urls.Go(url);
        Navigation.NavigateTo(url, replace: true);
    }

    /// <summary>Gives the canvas the query and all it finds.</summary>
    private async Task TellAsync()
    {
        if (_graph is null)
            return;
        var (others, ids) = Query.Query.IsEmpty ? (true, []) : _matches.Begin(Query, [.. Feed.Fleet.Devices.Values], _evaluated = Clock.GetUtcNow());
        (_dirty, _told, _ready) = (false, true, Feed.Fleet.Sequence >= 0);
        // First, as the canvas may write into what is drawn here: the link to the table says what is looked at.
        StateHasChanged();
        await _graph.InvokeVoidAsync("find", Query.Query.IsEmpty ? null : new { others, ids }, Query.Hides, Query.Url("/graph"));
    }

    private async Task<string?> KeepAsync(Func<SiloClient, CancellationToken, Task> change)
    {
        try
        {
            await change(await User.SiloAsync(), CancellationToken.None);
            return null;
        }
        catch (SiloException problem)
        {
            return problem.Message;
        }
    }

    /// <summary>After the canvas is there: it does not wait for where this person put devices.</summary>
    private async Task TellPinsAsync()
    {
        IReadOnlyList<GraphPin> pins = [];
        var problem = await KeepAsync(async (silo, cancel) => pins = await silo.PinsAsync(cancel));
        try
        {
            if (_graph is { } graph)
                await graph.InvokeVoidAsync("pins", pins, problem);
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The page was left while the silo answered.
            return;
        }
    }

    /// <summary>Devices change, and time goes by: gives the canvas what that changes in what is found.</summary>
    private async Task FollowAsync()
    {
        var now = Clock.GetUtcNow();
        var late = Query.Query.DependsOnTime && now - _evaluated >= s_tick;
        if (Query.Query.IsEmpty || (!_dirty && !late))
            return;
        (_dirty, _evaluated) = (false, now);
        if (Table)
        {
            Read();
            StateHasChanged();
            return;
        }
        if (_graph is null || !_told)
            return;
        var first = !_ready;
        _ready = Feed.Fleet.Sequence >= 0;
        var (came, went) = _matches.Next(Query, Feed.Fleet.Devices.Values, now);
        if (first && _ready)
            StateHasChanged();
        if (came.Count + went.Count == 0)
            return;
        try
        {
            await _graph.InvokeVoidAsync("change", came, went);
            StateHasChanged();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            // The canvas went away meanwhile; the next one is told everything.
            return;
        }
    }

    private void Read()
    {
        if (!Table)
            return;
        _ready = Feed.Fleet.Sequence >= 0;
        _summary = FleetSummary.Of(Feed.Fleet.Devices.Values);
        _shown = Query.Of(Feed.Fleet.Devices.Values, Clock.GetUtcNow());
    }

    private void ToggleOfEdges(string look)
    {
        var looks = EdgeLooks.ToHashSet();
        if (!looks.Remove(look))
            looks.Add(look);
        Navigation.NavigateTo(TableUrl(Query, string.Join(',', Looks.All.Where(looks.Contains))), replace: true);
    }

    private async Task DeselectAsync()
    {
        (_selected, _edge, _site) = (null, null, null);
        if (_graph is not null)
            await _graph.InvokeVoidAsync("deselect");
    }

    private async Task LetGoAsync()
    {
        var (graph, shell, self) = (_graph, _shell, _self);
        (_graph, _shell, _self, _starting, _told, _selected, _edge, _site) = (null, null, null, false, false, null, null, null);
        await PageScript.CloseAsync(graph, shell);
        self?.Dispose();
    }
}
