using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;

namespace TrustMesh.Dashboard.Pages;

/// <summary>
/// The live graph. Its pixels and their feed belong to the browser (Graph/graph.ts), which goes on when the circuit is cut; here are the frame, the
/// panel of the selected device and the table that shows the same.
/// </summary>
public partial class Graph : ComponentBase
{
    private ElementReference _root;
    private IJSObjectReference? _shell;
    private IJSObjectReference? _graph;
    private DotNetObjectReference<Graph>? _self;
    private FleetSummary _summary = FleetSummary.Of([]);
    private IReadOnlyList<GraphNode> _shown = [];
    private string? _selected;
    private EdgeEnds? _edge;
    private bool _ready;
    private bool _starting;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [SupplyParameterFromQuery]
    public string? View { get; set; }

    /// <summary>Why the table is shown, if the user did not choose it.</summary>
    [SupplyParameterFromQuery(Name = "because")]
    public string? Because { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? Text { get; set; }

    [SupplyParameterFromQuery(Name = "look")]
    public string? Look { get; set; }

    [SupplyParameterFromQuery(Name = "site")]
    public string? Site { get; set; }

    /// <summary>What the table's rows are: devices, or <c>edges</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Of { get; set; }

    /// <summary>An edge to select at once: <c>from~to</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Edge { get; set; }

    private bool OfEdges => Of == "edges";

    private bool Table => View == "table";

    private DeviceQuery Query { get; set; } = DeviceQuery.Parse(null, null, null, null);

    protected override void OnInitialized() => Feed.Changed += OnChanged;

    protected override void OnParametersSet()
    {
        Query = DeviceQuery.Parse(Text, Look, Site, null);
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
            return;
        _starting = true;
        _self = DotNetObjectReference.Create(this);
        _shell = await Script.InvokeAsync<IJSObjectReference>("import", "./graph/shell.js");
        if (await _shell.InvokeAsync<bool>("canDraw"))
            _graph = await _shell.InvokeAsync<IJSObjectReference>("openGraph", _root, _self, new { text = Query.Text, edge = EdgeEnds.Parse(Edge) is null ? null : Edge });
        else
            Navigation.NavigateTo(Query.Url("/graph", "view=table", "because=webgl"), replace: true);
    }

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

    /// <summary>The browser wants a device's page.</summary>
    [JSInvokable]
    public void Open(string id) => Navigation.NavigateTo($"/devices/{Uri.EscapeDataString(id)}");

    /// <summary>The browser wants, or can only show, the table.</summary>
    [JSInvokable]
    public void ShowTable(bool forced) => Navigation.NavigateTo(forced ? Query.Url("/graph", "view=table", "because=webgl") : Query.Url("/graph", "view=table"));

    public async ValueTask DisposeAsync()
    {
        Feed.Changed -= OnChanged;
        await LetGoAsync();
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (!Table)
            return;
        Read();
        StateHasChanged();
    }

    private void Read()
    {
        if (!Table)
            return;
        _ready = Feed.Fleet.Sequence >= 0;
        _summary = FleetSummary.Of(Feed.Fleet.Devices.Values);
        _shown = Query.Of(Feed.Fleet.Devices.Values);
    }

    private void Toggle(string look) => Navigation.NavigateTo(OfEdges ? Query.Toggle(look).Url("/graph", "view=table", "of=edges") : Query.Toggle(look).Url("/graph", "view=table"), replace: true);

    private async Task DeselectAsync()
    {
        (_selected, _edge) = (null, null);
        if (_graph is not null)
            await _graph.InvokeVoidAsync("deselect");
    }

    private async Task LetGoAsync()
    {
        var (graph, shell, self) = (_graph, _shell, _self);
        (_graph, _shell, _self, _starting, _selected, _edge) = (null, null, null, false, null, null);
        try
        {
            if (graph is not null)
            {
                await graph.InvokeVoidAsync("dispose");
                await graph.DisposeAsync();
            }
            if (shell is not null)
                await shell.DisposeAsync();
        }
        catch (Exception gone) when (gone is JSDisconnectedException or OperationCanceledException)
        {
            // The page is gone or does not answer any more; what was here went with it.
        }
        self?.Dispose();
    }
}
