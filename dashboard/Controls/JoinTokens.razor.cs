using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Open join tokens; making one shows its text once, and nowhere else (A47).</summary>
public partial class JoinTokens : ComponentBase
{
    private SiloWork? _work;
    private IReadOnlyList<JoinToken>? _tokens;
    private JoinToken? _made;
    private string? _address;
    private int _uses = 1;
    private int _ttl = 3600;
    private string? _site;
    private string? _model;
    private string? _tags;
    private bool _approve;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        if (!RendererInfo.IsInteractive)
            return;
        Feed.Changed += OnChanged;
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _work?.Dispose();
    }

    /// <summary>A token that approves by itself is an approval beforehand.</summary>
    private string? Missing => Rights?.Missing(_approve ? "approver" : "operator", Given(_site));

    private static string For(JoinToken token) => string.Join(" / ", new[] { token.Site, token.Model, token.Tags is { Count: > 0 } tags ? string.Join(", ", tags) : null }.OfType<string>()) is { Length: > 0 } text ? text : "any device";

    // A device that joined used up a token.
    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (changed is null || (_tokens is { Count: > 0 } && changed.Any(id => Feed.Fleet.Devices.TryGetValue(id, out var device) && device.ProvenAt is null)))
            _ = LoadAsync();
    }

    private Task LoadAsync() => _work!.LoadAsync(async (silo, stop) =>
    {
        _tokens = await silo.JoinTokensAsync(stop);
        _address ??= (await silo.MeshAsync(stop)).DeviceAddress;
    });

    private Task CreateAsync() => _work!.TryAsync(async (silo, stop) =>
    {
        _made = await silo.CreateJoinTokenAsync(new JoinTokenRequest(_uses, _ttl, _approve, Given(_site), Given(_model), DeviceTags.Split(_tags) is { Count: > 0 } tags ? tags : null), stop);
        _tokens = await silo.JoinTokensAsync(stop);
    });

    private Task WithdrawAsync(string id) => _work!.TryAsync(async (silo, stop) =>
    {
        await silo.DeleteJoinTokenAsync(id, stop);
        _tokens = await silo.JoinTokensAsync(stop);
    });

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
