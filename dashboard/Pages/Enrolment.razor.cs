using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>Who wants in, and the tokens by which devices may ask.</summary>
public partial class Enrolment : ComponentBase
{
    private IReadOnlyList<GraphNode> _pending = [];
    private GraphNode? _asked;
    private string _act = "";

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    protected override void OnInitialized()
    {
        Feed.Changed += OnChanged;
        Read();
    }

    public void Dispose() => Feed.Changed -= OnChanged;

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
    }

    private void Read() => _pending = [.. Feed.Fleet.Devices.Values.Where(device => device.Look == Looks.Pending).OrderBy(device => device.Name, StringComparer.Ordinal)];

    private void Ask(GraphNode device, string act) => (_asked, _act) = (device, act);

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
