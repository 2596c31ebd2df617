using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Silo;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>What is selected on the graph, live, with the reasons of its verdict.</summary>
public partial class SelectionPanel : ComponentBase
{
    private readonly CancellationTokenSource _end = new();
    private DeviceDetail? _detail;
    private SiloException? _problem;

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    private GraphNode? Node => Feed.Fleet.Devices.GetValueOrDefault(Id) ?? Feed.Fleet.Silos.GetValueOrDefault(Id);

    protected override async Task OnInitializedAsync()
    {
        Feed.Changed += OnChanged;
        await LoadAsync();
    }

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _end.Cancel();
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        if (changed is not null && !changed.Contains(Id))
            return;
        StateHasChanged();
        _ = LoadAsync();
    }

    private async Task LoadAsync()
    {
        if (Node is not { Kind: "device" })
            return;
        try
        {
            _detail = await (await SignedIn.SiloAsync()).DeviceAsync(Id, _end.Token);
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
        StateHasChanged();
    }
}
