using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Who may sign in and what each may do; a new code is shown once, and nowhere else (A47).</summary>
public partial class PeopleView : ComponentBase
{
    private SiloWork? _work;
    private SessionTable? _sessions;
    private IReadOnlyList<OperatorView>? _people;
    private OperatorCode? _code;
    private OperatorView? _asked;
    private string _act = "";
    private string _name = "";
    private string _role = "viewer";
    private string? _sites;
    private string? _done;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        if (RendererInfo.IsInteractive && Rights is { MayAdminister: true })
            await LoadAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        // Rights come after the first drawing.
        if (RendererInfo.IsInteractive && _people is null && _work is { Idle: true, Problem: null } && Rights is { MayAdminister: true })
            await LoadAsync();
    }

    public void Dispose() => _work?.Dispose();

    private Task<bool> LoadAsync() => _work!.LoadAsync(async (silo, stop) => _people = await silo.OperatorsAsync(stop));

    private async Task InviteAsync()
    {
        var sites = GrantForm.Sites(_sites);
        if (await MakeAsync(new OperatorRequest(_name.Trim(), _role, sites.Count == 0 ? null : sites)))
            (_name, _sites, _role) = ("", null, "viewer");
    }

    private Task<bool> CodeAsync(string name) => MakeAsync(new OperatorRequest(name));

    private Task<bool> MakeAsync(OperatorRequest request) => _work!.TryAsync(async (silo, stop) =>
    {
        (_done, _code) = (null, null);
        _code = await silo.InviteAsync(request, stop);
        _people = await silo.OperatorsAsync(stop);
    });

    private void Ask(OperatorView person, string act) => (_asked, _act, _done) = (person, act, null);

    private async Task<string?> DecideAsync(string reason, IReadOnlyList<Grant> grants)
    {
        var (name, act) = (_asked!.Name, _act);
        var done = await _work!.TryAsync(async (silo, stop) =>
        {
            if (act == "rights")
                await silo.SetRightsAsync(name, new RightsChange(grants, reason), stop);
            else
                await silo.ActOnOperatorAsync(name, act, reason, stop);
            _people = await silo.OperatorsAsync(stop);
        });
        if (!done)
            return _work.Problem?.Message;
        _done = act switch
        {
            "rights" => $"{name} is {Model.Rights.Text(grants)} from now on.",
            "disable" => $"{name} is disabled, and signed out everywhere.",
            "enable" => $"{name} may sign in again, with a passkey or a new code.",
            _ => $"{name} is removed, and signed out everywhere.",
        };
        if (_sessions is not null)
            await _sessions.LoadAsync();
        return null;
    }
}
