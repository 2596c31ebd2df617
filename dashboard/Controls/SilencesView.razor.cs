using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>What is quiet, until when, by whom and why; to end it, and to make another.</summary>
public partial class SilencesView : ComponentBase
{
    private SiloWork? _work;
    private IReadOnlyList<SilenceView>? _silences;
    private bool _asking;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    private string? Missing => Rights?.Missing("operator", null);

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _work = new SiloWork(SignedIn, StateHasChanged);
        await LoadAsync();
    }

    public void Dispose() => _work?.Dispose();

    private Task<bool> LoadAsync() => _work!.LoadAsync(async (silo, stop) => _silences = await silo.SilencesAsync(stop));

    private Task EndAsync(string id) => _work!.TryAsync(async (silo, stop) =>
    {
        await silo.EndSilenceAsync(id, stop);
        _silences = await silo.SilencesAsync(stop);
    });

    private async Task<string?> AddAsync(SilenceRequest request)
    {
        var done = await _work!.TryAsync(async (silo, stop) =>
        {
            await silo.SilenceAsync(request, stop);
            _silences = await silo.SilencesAsync(stop);
        });
        return done ? null : _work.Problem?.Message;
    }
}
