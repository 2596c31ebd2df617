using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>API tokens of the mesh; a new one's text is shown once, and nowhere else (A47).</summary>
public partial class ApiTokensView : ComponentBase
{
    private SiloWork? _work;
    private IReadOnlyList<ApiTokenView>? _tokens;
    private ApiTokenMade? _made;
    private ApiTokenView? _asked;
    private string _name = "";
    private string _role = "viewer";
    private string? _sites;
    private int _days = 90;
    private string? _reason;
    private string _why = "";
    private string? _done;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

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
        if (RendererInfo.IsInteractive && _tokens is null && _work is { Idle: true, Problem: null } && Rights is { MayAdminister: true })
            await LoadAsync();
    }

    public void Dispose() => _work?.Dispose();

    private Task<bool> LoadAsync() => _work!.LoadAsync(async (silo, stop) => _tokens = await silo.ApiTokensAsync(stop));

    private async Task MakeAsync()
    {
        var sites = GrantForm.Sites(_sites);
        // Everybody may look, so viewer is always among them.
        var grants = sites.Count == 0 ? [new Grant(_role)] : new[] { new Grant("viewer"), new Grant(_role, sites) };
        var request = new ApiTokenRequest(_name.Trim(), grants, _days * 86_400, string.IsNullOrWhiteSpace(_reason) ? null : _reason.Trim());
        var made = await _work!.TryAsync(async (silo, stop) =>
        {
            (_done, _made) = (null, null);
            _made = await silo.MakeApiTokenAsync(request, stop);
            _tokens = await silo.ApiTokensAsync(stop);
        });
        if (made)
            (_name, _sites, _role, _reason) = ("", null, "viewer", null);
    }

    private void Ask(ApiTokenView token) => (_asked, _why, _done) = (token, "", null);

    private async Task<string?> RevokeAsync()
    {
        var (name, why) = (_asked!.Name, _why.Trim());
        var done = await _work!.TryAsync(async (silo, stop) =>
        {
            await silo.RevokeApiTokenAsync(name, why, stop);
            _tokens = await silo.ApiTokensAsync(stop);
        });
        if (!done)
            return _work.Problem?.Message;
        if (_made?.Token.Name == name)
            _made = null;
        _done = $"{name} is revoked; it opens nothing any more.";
        return null;
    }

    private string StateText(ApiTokenView token) => token.EndsSoon(Clock.GetUtcNow()) ? "expires soon" : token.State;

    private static string? Why(ApiTokenView token) => token.State switch
    {
        ApiTokenView.Revoked => $" by {NameText.Plain(token.RevokedBy ?? "")}",
        ApiTokenView.Stopped => $": {NameText.Plain(token.CreatedBy ?? "")} is disabled or off the list",
        ApiTokenView.Unreadable => ": its stored row is damaged; revoke it",
        _ => null,
    };
}
