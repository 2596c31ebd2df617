using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Controls;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>What devices are judged by: the policy in force and the reference values, and learning more of them.</summary>
public partial class Policy : ComponentBase
{
    private SiloWork? _work;
    private PolicyView? _policy;
    private PolicyDraftView? _draft;
    private IReadOnlyList<ReferenceView>? _references;
    private IReadOnlyList<OutlierView>? _outliers;
    private OutlierView? _chosen;
    private IReadOnlyList<GraphNode> _candidates = [];
    private string _device = "";
    private readonly SortedSet<int> _pcrs = [];
    private string? _done;
    private string? _signed;
    private int _peers;
    private int _quorum;
    private int _grace;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    /// <summary>The version that a verdict was judged by: the page compares it with the one in force.</summary>
    [SupplyParameterFromQuery]
    public long? Version { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        if (!RendererInfo.IsInteractive)
            return;
        Feed.Changed += OnChanged;
        Read();
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _work?.Dispose();
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
        if (changed is null && _work?.Problem is not null)
            _ = LoadAsync();
    }

    // A list to choose from, not the fleet: one that is too long for a list is learned from on the command line.
    private void Read() => _candidates =
        [.. Feed.Fleet.Devices.Values.Where(device => device is { Standing: "active", ProvenAt: not null }).OrderBy(device => device.Name, StringComparer.Ordinal).Take(500)];

    private Task LoadAsync() => _work!.LoadAsync(async (silo, stop) =>
    {
        Take(await silo.PolicyAsync(stop));
        await ReadReferencesAsync(silo, stop);
    });

    private void Take(PolicyView policy) => (_policy, _peers, _quorum, _grace) = (policy, policy.Peers, policy.Quorum, policy.GraceSeconds);

    private Task SignAsync() => TryAsync(async (silo, stop) =>
    {
        Take(await silo.UpdatePolicyAsync(new PolicyUpdate(GraceSeconds: _grace, Quorum: _quorum, Peers: _peers), _policy!.Version, stop));
        _signed = $"Signed as version {_policy!.Version}. Devices judge by it as soon as they have it.";
    });

    /// <summary>A draft was signed: what the page says of the policy is old.</summary>
    private Task SignedDraftAsync(PolicyView policy)
    {
        Take(policy);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private Task LearnAsync() => TryAsync(async (silo, stop) =>
    {
        await silo.LearnAsync(_device, _pcrs.Count == 0 ? null : [.. _pcrs], stop);
        await ReadReferencesAsync(silo, stop);
        (_device, _chosen) = ("", null);
        _pcrs.Clear();
        _done = "Learned and signed. Devices of the model are judged by it from their next proof on.";
    });

    private async Task ReadReferencesAsync(SiloClient silo, CancellationToken stop)
    {
        _references = await silo.ReferencesAsync(stop);
        _outliers = await silo.OutliersAsync(stop);
    }

    /// <summary>Chosen is not learned: whoever signs has looked at the device first.</summary>
    private void Choose(OutlierView outlier)
    {
        (_chosen, _device) = (outlier, outlier.Device);
        _pcrs.Clear();
        if (outlier.Pcr is { } pcr)
            _pcrs.Add(pcr);
        _done = $"{NameText.Plain(outlier.DeviceName)} is chosen. Look at all it measured first: every file it reports becomes known-good for {NameText.Plain(outlier.Model)}{(outlier.Pcr is { } with ? $", and PCR {with}" : "")}. Then learn and sign above.";
    }

    /// <summary>Registers a device may be learned by: quoted, no log explains them, and they stay what they are.</summary>
    private static IReadOnlyList<int> Learnable(PolicyView policy) => [.. policy.Pcrs.Where(pcr => pcr != policy.MeasurementPcr && !PlatformRegisters.Grows(pcr))];

    private Task TryAsync(Func<SiloClient, CancellationToken, Task> work)
    {
        (_done, _signed) = (null, null);
        return _work!.TryAsync(work);
    }
}
