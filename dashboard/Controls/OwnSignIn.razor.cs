using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Who one is, with which passkeys one signs in, and where one is signed in.</summary>
public partial class OwnSignIn : ComponentBase
{
    private SiloWork? _work;
    private IReadOnlyList<PasskeyView>? _passkeys;
    private string _name = "";
    private string? _said;
    private string? _done;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required IJSRuntime Script { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    private string? Named => PasskeyAddress.Named(new Uri(Navigation.Uri));

    protected override async Task OnInitializedAsync()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        if (RendererInfo.IsInteractive)
            await LoadAsync();
    }

    public void Dispose() => _work?.Dispose();

    private Task LoadAsync() => _work!.LoadAsync(async (silo, stop) => _passkeys = await silo.PasskeysAsync(stop));

    private async Task AddAsync()
    {
        (_said, _done) = (null, null);
        // This circuit's browser and no other answers with it.
        var (origin, binding) = (PasskeyAddress.Origin(new Uri(Navigation.Uri)), BrowserBinding.Create());
        var done = await _work!.TryAsync(async (silo, stop) =>
        {
            var asked = await silo.PasskeyCreationAsync(new SignInStart(origin, binding), stop);
            await using var script = await Script.InvokeAsync<IJSObjectReference>("import", stop, "./graph/passkey.js");
            var made = await script.InvokeAsync<Made>("create", TimeSpan.FromSeconds(asked.Seconds + 30), asked);
            if (made.Problem is not null)
            {
                _said = made.Problem;
                return;
            }
            var passkey = await silo.RegisterPasskeyAsync(new PasskeyRegistration(origin, binding, _name.Trim(), made.ClientData, made.Attestation), stop);
            _passkeys = await silo.PasskeysAsync(stop);
            (_name, _done) = ("", $"{NameText.Plain(passkey.Name)} is added. Next time, sign in with it.");
        });
        if (!done)
            _said = _work.Problem?.Message;
    }

    private async Task RemoveAsync(PasskeyView passkey)
    {
        (_said, _done) = (null, null);
        var done = await _work!.TryAsync(async (silo, stop) =>
        {
            await silo.RemovePasskeyAsync(passkey.Id, stop);
            _passkeys = await silo.PasskeysAsync(stop);
            _done = $"{NameText.Plain(passkey.Name)} is removed; it signs nobody in any more.";
        });
        if (!done)
            _said = _work.Problem?.Message;
    }

    /// <summary>As passkey.ts answers.</summary>
    private sealed record Made(string ClientData, string Attestation, string? Problem);
}
