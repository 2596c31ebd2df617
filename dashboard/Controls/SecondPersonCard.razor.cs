using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>When a revocation needs a second person; an admin changes it.</summary>
public partial class SecondPersonCard : ComponentBase
{
    private SiloWork? _work;
    private RevocationRule? _rule;
    private int? _most;
    private int _hours = 24;
    private string _reason = "";
    private bool _done;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        if (RendererInfo.IsInteractive)
            await LoadAsync();
    }

    public void Dispose() => _work?.Dispose();

    private Task<bool> LoadAsync() => _work!.LoadAsync(async (silo, stop) => Take(await silo.RevocationRuleAsync(stop)));

    private async Task SetAsync()
    {
        _done = false;
        _done = await _work!.TryAsync(async (silo, stop) => Take(await silo.SetRevocationRuleAsync(new RevocationRuleUpdate(_most, _hours, _reason.Trim()), stop)));
        if (_done)
            _reason = "";
    }

    private void Take(RevocationRule rule) => (_rule, _most, _hours) = (rule, rule.MoreThan, rule.Hours);
}
