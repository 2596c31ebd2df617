using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Rules that let devices in without a person: set, tried out and removed.</summary>
public partial class ApprovalRules : ComponentBase
{
    private SiloWork? _work;
    private IReadOnlyList<ApprovalRule>? _rules;
    private ApprovalTestAnswer? _tried;
    private string? _triedQuery;
    private string? _removing;
    private string? _done;
    private string _name = "";
    private string _query = "";
    private string _reason = "";
    private int? _place;
    private bool _software;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    private bool Empty => string.IsNullOrWhiteSpace(_query);

    /// <summary>A rule approves beforehand, whoever comes.</summary>
    private string? Missing => Rights is null ? "" : Rights.Missing("approver", null);

    /// <summary>What is wrong with the query; whether what it asks is known of a device that joins, the silo says.</summary>
    private string? Wrong => Empty || FleetQuery.TryParse(_query, out _, out var problem) ? null : problem.ToString();

    private string Command => Empty ? "trustmesh enroll rule test" : $"trustmesh enroll rule test {ShellText.Quote(_query.Trim())}{(_software ? " --software" : "")}";

    protected override async Task OnInitializedAsync()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        if (RendererInfo.IsInteractive)
            await LoadAsync();
    }

    public void Dispose() => _work?.Dispose();

    private Task LoadAsync() => _work!.LoadAsync(async (silo, stop) => _rules = await silo.RulesAsync(stop));

    private void Edit(ApprovalRule rule, int place) => (_name, _query, _software, _place, _done, _tried) = (rule.Name, rule.Query, !rule.Verified, place, null, null);

    private Task TryOutAsync()
    {
        (_done, _tried, _triedQuery) = (null, null, Empty ? null : _query.Trim());
        return _work!.TryAsync(async (silo, stop) => _tried = await silo.TestRuleAsync(new ApprovalTest(_triedQuery, !_software), stop));
    }

    private async Task SetAsync()
    {
        (_done, _tried) = (null, null);
        var name = _name.Trim();
        var update = new ApprovalRuleUpdate(_query.Trim(), !_software, _place, string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim());
        var set = await _work!.TryAsync(async (silo, stop) =>
        {
            await silo.SetRuleAsync(name, update, stop);
            _rules = await silo.RulesAsync(stop);
        });
        if (!set)
            return;
        (_name, _query, _reason, _place, _software) = ("", "", "", null, false);
        _done = $"Rule {name} is set. Devices it finds are let in when they join; those who wait already are yours to decide, or join again.";
    }

    private async Task<string?> RemoveAsync()
    {
        var name = _removing!;
        var removed = await _work!.TryAsync(async (silo, stop) =>
        {
            await silo.RemoveRuleAsync(name, stop);
            _rules = await silo.RulesAsync(stop);
        });
        if (!removed)
            return _work.Problem?.Message;
        _done = $"Rule {name} is removed.";
        return null;
    }
}
