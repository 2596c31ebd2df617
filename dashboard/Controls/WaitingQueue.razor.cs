using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Devices that wait: one decided at a time, or many that are ticked or that a query finds.</summary>
public partial class WaitingQueue : ComponentBase
{
    /// <summary>Rows that are drawn, and devices that one act takes (API.md).</summary>
    private const int Shown = 200, Most = 1_000;

    private readonly HashSet<string> _chosen = [];
    private readonly HashSet<string> _open = [];
    private GraphNode? _asked;
    private IReadOnlyList<string>? _many;
    private BulkAnswer? _answer;
    private string _act = "";

    [Inject]
    public required SignedIn SignedIn { get; init; }

    /// <summary>Those the query finds, in the order of the table.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<GraphNode> Found { get; set; }

    /// <summary>How many wait in all.</summary>
    [Parameter, EditorRequired]
    public required int Waiting { get; set; }

    /// <summary>Who waits is known; before that nobody is said to.</summary>
    [Parameter, EditorRequired]
    public required bool Ready { get; set; }

    [Parameter, EditorRequired]
    public required DeviceQuery Query { get; set; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    /// <summary>The person wants to see everybody who waits.</summary>
    [Parameter]
    public EventCallback Cleared { get; set; }

    /// <summary>Those of them this person may decide about, as many as one act takes.</summary>
    private IReadOnlyList<GraphNode> Mine { get; set; } = [];

    private bool AllChosen => Mine.Count > 0 && Mine.All(device => _chosen.Contains(device.Id));

    private string? AllMissing => Mine.Count == 0 && Found.Count > 0 ? Rights?.Missing("approver", Found[0].Site) : null;

    private IReadOnlyList<BulkOutcome> Open => _answer is null ? [] : [.. _answer.Devices.Where(one => one.Outcome is not ("done" or "already"))];

    private string Command => $"trustmesh device approve --query {(Query.Query.IsEmpty ? "standing:pending" : Query.Quoted)} --dry-run";

    protected override void OnParametersSet()
    {
        Mine = [.. Found.Where(device => Rights?.May("approver", device.Site) == true).Take(Most)];
        // Nobody is decided about whom the person does not see any more.
        _chosen.IntersectWith(Mine.Select(device => device.Id));
        _open.IntersectWith(Found.Select(device => device.Id));
    }

    private void Toggle(string id)
    {
        if (!_chosen.Remove(id))
            _chosen.Add(id);
    }

    private void ToggleAll()
    {
        if (AllChosen)
            _chosen.Clear();
        else
            _chosen.UnionWith(Mine.Select(device => device.Id));
    }

    private void Unfold(string id)
    {
        if (!_open.Remove(id))
            _open.Add(id);
    }

    private void Ask(GraphNode device, string act) => (_asked, _act) = (device, act);

    private void AskMany(string act) => (_many, _act, _answer) = ([.. Mine.Where(device => _chosen.Contains(device.Id)).Select(device => device.Id)], act, null);

    private void Decided(BulkAnswer answer)
    {
        // The dialog closes by itself once it is answered.
        _answer = answer;
        _chosen.Clear();
    }

    private async Task<string?> DecideAsync(string? reason)
    {
        try
        {
            var silo = await SignedIn.SiloAsync();
            // The graph has no versions; what is decided on is what the silo has now.
            var now = await silo.DeviceAsync(_asked!.Id, CancellationToken.None);
            if (now.Device.Standing != "pending")
                return $"{now.Device.Name} is {now.Device.Standing} already; somebody else decided.";
            await silo.DecideAsync(_asked.Id, _act, reason, now.Device.Version, CancellationToken.None);
            return null;
        }
        catch (SiloException problem)
        {
            return problem.Message;
        }
    }
}
