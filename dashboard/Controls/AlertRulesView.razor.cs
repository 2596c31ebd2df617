using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Contracts.Queries;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>What fires alerts: the list, switching on and off, and an editor that says whom a rule finds now.</summary>
public partial class AlertRulesView : ComponentBase
{
    private static readonly int[] s_spells = [0, 60, 300, 900, 3600, 21_600, 86_400, 604_800];
    private SiloWork? _work;
    private IReadOnlyList<AlertRuleView>? _rules;
    private DeviceQuery _query = DeviceQuery.Parse("", null, null, null);
    private int? _found;
    private string? _editing;
    private string? _removing;
    private string _name = "";
    private string _severity = "warning";
    private int _seconds;
    private int _box;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    private bool Locked => Rights is not { MayAdminister: true } || _work?.Busy != false;

    private string? Why => Rights?.AdministerMissing ?? (_query.Problem is not null ? "The query is not finished." : _query.Query.IsEmpty ? "Write a query first." : null);

    /// <summary>What can be chosen, and what the rule has if that is something else.</summary>
    private IEnumerable<int> Spells => s_spells.Contains(_seconds) ? s_spells : s_spells.Append(_seconds).Order();

    private string Preview => _query.Problem is not null || _query.Query.IsEmpty ? "Write a query; it says here whom the rule finds now."
        : _found is not { } found ? "Whom the rule finds now is not known yet."
        : found == 0 ? "Finds no device now." : $"Finds {found:N0} {(found == 1 ? "device" : "devices")} now{(_seconds == 0 ? "" : $"; each fires once it has matched for {Spans.Text(_seconds)}")}.";

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _work = new SiloWork(SignedIn, StateHasChanged);
        Feed.Changed += OnChanged;
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _work?.Dispose();
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (_query.Query.IsEmpty)
            return;
        Count();
        StateHasChanged();
    }

    private Task<bool> LoadAsync() => _work!.LoadAsync(async (silo, stop) => _rules = await silo.AlertRulesAsync(stop));

    private void Write(string text)
    {
        _query = _query.With(text);
        Count();
    }

    private void Count()
    {
        var now = Clock.GetUtcNow();
        _found = Feed.Fleet.Sequence < 0 ? null : Feed.Fleet.Devices.Values.Count(device => _query.Query.Matches(DeviceFacts.Of(device), now));
    }

    private async Task SaveAsync()
    {
        if (Why is not null)
            return;
        var (name, update) = (_name.Trim(), new AlertRuleUpdate(_query.Query.Text.Trim(), _severity, _seconds));
        if (await _work!.TryAsync(async (silo, stop) =>
        {
            await silo.SaveAlertRuleAsync(name, update, stop);
            _rules = await silo.AlertRulesAsync(stop);
        }))
            Clear();
    }

    private Task SwitchAsync(AlertRuleView rule) => _work!.TryAsync(async (silo, stop) =>
    {
        await silo.SaveAlertRuleAsync(rule.Name, new AlertRuleUpdate(Enabled: !rule.Enabled), stop);
        _rules = await silo.AlertRulesAsync(stop);
    });

    private async Task<string?> RemoveAsync(string name)
    {
        var done = await _work!.TryAsync(async (silo, stop) =>
        {
            await silo.RemoveAlertRuleAsync(name, stop);
            _rules = await silo.AlertRulesAsync(stop);
        });
        return done ? null : _work.Problem?.Message;
    }

    private void Edit(AlertRuleView rule)
    {
        (_editing, _name, _severity, _seconds) = (rule.Name, rule.Name, rule.Severity, rule.ForSeconds);
        Write(rule.Query ?? "");
    }

    /// <summary>The form is empty again; the box of the query is another one, as the text in it is the browser's.</summary>
    private void Clear()
    {
        (_editing, _name, _severity, _seconds) = (null, "", "warning", 0);
        (_query, _found, _box) = (DeviceQuery.Parse("", null, null, null), null, _box + 1);
    }
}
