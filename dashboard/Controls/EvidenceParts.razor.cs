using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>The evidence behind a device's verdict, decoded by the silo, field by field; read again when the device's version changes.</summary>
public partial class EvidenceParts : ComponentBase
{
    private Latest<EvidenceView>? _latest;
    private long _read = -1;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    /// <summary>Of the device's state.</summary>
    [Parameter, EditorRequired]
    public required long Version { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        if (_read == Version)
            return;
        _read = Version;
        _latest ??= new(async stop => await (await SignedIn.SiloAsync()).EvidenceAsync(Id, stop), StateHasChanged);
        await LoadAsync();
    }

    public void Dispose() => _latest?.Dispose();

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;
}
