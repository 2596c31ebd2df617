using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>One device: why it is drawn as it is, who examines it, what was measured, who it is, what happened; read again whenever the feed says it changed.</summary>
public partial class Device : ComponentBase
{
    private readonly CancellationTokenSource _end = new();
    private DeviceDetail? _detail;
    private SiloException? _problem;
    private string? _act;
    private string? _done;
    /// <summary>What was done is on the status list, or no longer on it.</summary>
    private bool _listed;
    private bool _loading;
    private bool _again;
    private string? _loaded;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    [Parameter]
    public required string Id { get; set; }

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>An edge whose details are open: <c>from~to</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Edge { get; set; }

    private string Shown => Tab is "peers" or "measurements" or "identity" or "timeline" ? Tab : "verdict";

    protected override void OnInitialized() => Feed.Changed += OnChanged;

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || _loaded == Id)
            return;
        _loaded = Id;
        (_detail, _done, _act) = (null, null, null);
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _end.Cancel();
    }

    private static IEnumerable<(string Key, string Label, int? Count)> Tabs(DeviceDetail detail) =>
    [
        ("verdict", "Verdict", detail.Verdict?.Because.Count(line => line.Outcome != "pass") is > 0 and var problems ? problems : null),
        ("peers", "Peers", null),
        ("measurements", "Measurements", detail.Measurements.Count),
        ("identity", "Identity", null),
        ("timeline", "Timeline", detail.Timeline.Count),
    ];

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (_detail is null ? changed is null && _problem is not null : changed is null || changed.Contains(_detail.Device.Id))
            _ = LoadAsync();
    }

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
                _detail = await (await SignedIn.SiloAsync()).DeviceAsync(Id, _end.Token);
                _problem = null;
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
            // The page is left.
        }
        finally
        {
            _loading = false;
        }
    }

    private async Task<string?> DecideAsync(string act, string? reason)
    {
        try
        {
            await (await SignedIn.SiloAsync()).DecideAsync(_detail!.Device.Id, act, reason, _detail.Device.Version, _end.Token);
        }
        catch (SiloException problem)
        {
            if (problem.Code == "conflict")
                await LoadAsync();
            return problem.Message;
        }
        (_done, _listed) = ($"{DeviceActs.Done(act)} {_detail.Device.Name}.", act is "revoke" or "suspend" or "resume");
        await LoadAsync();
        return null;
    }
}
