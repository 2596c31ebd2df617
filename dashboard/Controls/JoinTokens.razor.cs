using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Open join tokens; making one shows its text once, and nowhere else (A47).</summary>
public partial class JoinTokens : ComponentBase
{
    private readonly CancellationTokenSource _end = new();
    private IReadOnlyList<JoinToken>? _tokens;
    private JoinToken? _made;
    private SiloException? _problem;
    private string? _address;
    private int _uses = 1;
    private int _ttl = 3600;
    private string? _site;
    private string? _model;
    private string? _tags;
    private bool _approve;
    private bool _busy;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        Feed.Changed += OnChanged;
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _end.Cancel();
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

    private Task LoadAsync() => TryAsync(async silo =>
    {
        _tokens = await silo.JoinTokensAsync(_end.Token);
        _address ??= (await silo.MeshAsync(_end.Token)).DeviceAddress;
    });

    private Task CreateAsync() => TryAsync(async silo =>
    {
        _made = await silo.CreateJoinTokenAsync(new JoinTokenRequest(_uses, _ttl, _approve, Given(_site), Given(_model), DeviceTags.Split(_tags) is { Count: > 0 } tags ? tags : null), _end.Token);
        _tokens = await silo.JoinTokensAsync(_end.Token);
    });

    private Task WithdrawAsync(string id) => TryAsync(async silo =>
    {
        await silo.DeleteJoinTokenAsync(id, _end.Token);
        _tokens = await silo.JoinTokensAsync(_end.Token);
    });

    private async Task TryAsync(Func<SiloClient, Task> work)
    {
        _busy = true;
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

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
