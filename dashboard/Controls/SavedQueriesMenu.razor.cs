using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Controls;

/// <summary>Queries the mesh keeps: to use one, to save the one that is written, to remove one.</summary>
public partial class SavedQueriesMenu : ComponentBase
{
    private readonly CancellationTokenSource _end = new();
    private IReadOnlyList<SavedQuery>? _saved;
    private string? _problem;
    private string? _removing;
    private string _name = "";
    private bool _busy;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [CascadingParameter]
    public Rights? Rights { get; set; }

    /// <summary>What would be saved; empty if that is nothing.</summary>
    [Parameter, EditorRequired]
    public required string Current { get; set; }

    /// <summary>What finds the same on a shell; null without a query.</summary>
    [Parameter]
    public string? Command { get; set; }

    [Parameter]
    public EventCallback<string> Chosen { get; set; }

    [Parameter]
    public EventCallback Closed { get; set; }

    /// <summary>Why nothing can be saved now; null if it can.</summary>
    private string? Why => Rights?.OperateMissing ?? (Current.Length == 0 ? "Write a query first." : null);

    protected override Task OnInitializedAsync() => LoadAsync();

    public void Dispose()
    {
        _end.Cancel();
        _end.Dispose();
    }

    private Task LoadAsync() => TryAsync(_ => Task.CompletedTask);

    private Task KeyAsync(KeyboardEventArgs key) => key.Key == "Escape" ? Closed.InvokeAsync() : Task.CompletedTask;

    private Task SaveAsync() => Why is not null || _name.Length == 0 ? Task.CompletedTask : TryAsync(async silo =>
    {
        await silo.SaveQueryAsync(_name, Current, _end.Token);
        _name = "";
    });

    /// <summary>Asks once more: it is gone for everybody.</summary>
    private Task RemoveAsync(string name)
    {
        if (_removing != name)
        {
            _removing = name;
            return Task.CompletedTask;
        }
        _removing = null;
        return TryAsync(silo => silo.RemoveQueryAsync(name, _end.Token));
    }

    private async Task TryAsync(Func<SiloClient, Task> work)
    {
        _busy = true;
        try
        {
            var silo = await SignedIn.SiloAsync();
            await work(silo);
            _saved = await silo.SavedQueriesAsync(_end.Token);
            _problem = null;
        }
        catch (SiloException problem)
        {
            _problem = problem.Message;
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return;
        }
        finally
        {
            _busy = false;
        }
    }
}
