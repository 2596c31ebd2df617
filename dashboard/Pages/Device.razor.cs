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
    /// <summary>A device that is there needs a second, and a TPM another one.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _end = new();
    private Latest<DeviceDetail>? _latest;
    private string? _act;
    private string? _done;
    /// <summary>What was done is on the status list, or no longer on it.</summary>
    private bool _listed;
    private string? _loaded;

    /// <summary>It was asked to prove itself, or why not.</summary>
    private Asked? _asked;
    private bool _asking;
    private bool _late;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    [Parameter]
    public required string Id { get; set; }

    [SupplyParameterFromQuery]
    public string? Tab { get; set; }

    /// <summary>An edge whose details are open: <c>from~to</c>.</summary>
    [SupplyParameterFromQuery]
    public string? Edge { get; set; }

    private string Shown => Tab is "peers" or "measurements" or "identity" or "evidence" or "timeline" ? Tab : "verdict";

    private DeviceDetail? Detail => _latest?.Value;

    protected override void OnInitialized() => Feed.Changed += OnChanged;

    protected override async Task OnParametersSetAsync()
    {
        if (!RendererInfo.IsInteractive || _loaded == Id)
            return;
        _loaded = Id;
        (_done, _act, _asked) = (null, null, null);
        var id = Id;
        _latest?.Dispose();
        _latest = new(async stop => await (await SignedIn.SiloAsync()).DeviceAsync(id, stop), StateHasChanged);
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _latest?.Dispose();
        _end.Cancel();
    }

    private string? AttestMissing(DeviceSummary device) => Rights?.Missing("operator", device.Site);

    private string? Missing(string act, DeviceSummary device) => Rights?.MissingTo(act, device.Standing, device.Site);

    private static IEnumerable<(string Key, string Label, int? Count)> Tabs(DeviceDetail detail) =>
    [
        ("verdict", "Verdict", detail.Verdict?.Because.Count(line => line.Outcome != "pass") is > 0 and var problems ? problems : null),
        ("peers", "Peers", null),
        ("measurements", "Measurements", detail.Measurements.Count + (detail.Registers?.Count ?? 0)),
        ("identity", "Identity", null),
        ("evidence", "Evidence", null),
        ("timeline", "Timeline", detail.Timeline.Count),
    ];

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (Detail is null ? changed is null && _latest?.Problem is not null : changed is null || changed.Contains(Detail.Device.Id))
            _ = LoadAsync();
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;

    private async Task AttestAsync()
    {
        var device = Detail!.Device;
        (_asking, _late, _done) = (true, false, null);
        var asked = new Asked(device.ProvenAt, null);
        try
        {
            await (await SignedIn.SiloAsync()).AttestAsync(device.Id, _end.Token);
        }
        catch (SiloException problem)
        {
            asked = asked with { Refused = problem.Message };
        }
        finally
        {
            _asking = false;
        }
        // Somebody went on to another device meanwhile.
        if (Detail?.Device.Id != device.Id)
            return;
        _asked = asked;
        if (asked.Refused is not null)
            return;
        StateHasChanged();
        await Task.Delay(s_patience, Clock, _end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        _late |= ReferenceEquals(_asked, asked);
    }

    private async Task<string?> DecideAsync(string act, string? reason)
    {
        try
        {
            await (await SignedIn.SiloAsync()).DecideAsync(Detail!.Device.Id, act, reason, Detail.Device.Version, _end.Token);
        }
        catch (SiloException problem)
        {
            if (problem.Code == "conflict")
                await LoadAsync();
            return problem.Message;
        }
        (_done, _listed) = ($"{DeviceActs.Done(act)} {NameText.Plain(Detail.Device.Name)}.", act is "revoke" or "suspend" or "resume");
        await LoadAsync();
        return null;
    }

    /// <param name="ProvenBefore">Its last proof when it was asked: another one is the answer.</param>
    /// <param name="Refused">Why it could not be asked.</param>
    private sealed record Asked(DateTimeOffset? ProvenBefore, string? Refused);
}
