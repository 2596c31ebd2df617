using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Pages;

/// <summary>What devices are judged by: the policy in force and the reference values, and learning more of them.</summary>
public partial class Policy : ComponentBase
{
    private readonly CancellationTokenSource _end = new();
    private PolicyView? _policy;
    private IReadOnlyList<ReferenceView>? _references;
    private IReadOnlyList<OutlierView>? _outliers;
    private OutlierView? _chosen;
    private IReadOnlyList<GraphNode> _candidates = [];
    private SiloException? _problem;
    private string _device = "";
    private string? _done;
    private string? _signed;
    private int _peers;
    private int _quorum;
    private int _grace;
    private bool _busy;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        Feed.Changed += OnChanged;
        Read();
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _end.Cancel();
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
        if (changed is null && _problem is not null)
            _ = LoadAsync();
    }

    // A list to choose from, not the fleet: one that is too long for a list is learned from on the command line.
    private void Read() => _candidates =
        [.. Feed.Fleet.Devices.Values.Where(device => device is { Standing: "active", ProvenAt: not null }).OrderBy(device => device.Name, StringComparer.Ordinal).Take(500)];

    private Task LoadAsync() => TryAsync(async silo =>
    {
        Take(await silo.PolicyAsync(_end.Token));
        await ReadReferencesAsync(silo);
    });

    private void Take(PolicyView policy) => (_policy, _peers, _quorum, _grace) = (policy, policy.Peers, policy.Quorum, policy.GraceSeconds);

    private Task SignAsync() => TryAsync(async silo =>
    {
        Take(await silo.UpdatePolicyAsync(new PolicyUpdate(GraceSeconds: _grace, Quorum: _quorum, Peers: _peers), _policy!.Version, _end.Token));
        _signed = $"Signed as version {_policy!.Version}. Devices judge by it as soon as they have it.";
    });

    /// <summary>A draft was signed: what the page says of the policy is old.</summary>
    private Task SignedDraftAsync(PolicyView policy)
    {
        Take(policy);
        StateHasChanged();
        return Task.CompletedTask;
    }

    private Task LearnAsync() => TryAsync(async silo =>
    {
        await silo.LearnAsync(_device, _end.Token);
        await ReadReferencesAsync(silo);
        (_device, _chosen) = ("", null);
        _done = "Learned and signed. Devices of the model are judged by it from their next proof on.";
    });

    private async Task ReadReferencesAsync(SiloClient silo)
    {
        _references = await silo.ReferencesAsync(_end.Token);
        _outliers = await silo.OutliersAsync(_end.Token);
    }

    /// <summary>Chosen is not learned: whoever signs has looked at the device first.</summary>
    private void Choose(OutlierView outlier)
    {
        (_chosen, _device) = (outlier, outlier.Device);
        _done = $"{NameText.Plain(outlier.DeviceName)} is chosen. Look at all it measured first: everything it reports becomes known-good for {NameText.Plain(outlier.Model)}. Then learn and sign above.";
    }

    private async Task TryAsync(Func<SiloClient, Task> work)
    {
        (_busy, _done, _signed) = (true, null, null);
        try
        {
            await work(await SignedIn.SiloAsync());
            _problem = null;
        }
        catch (SiloException problem)
        {
            _problem = problem;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _busy = false;
        }
        StateHasChanged();
    }
}
