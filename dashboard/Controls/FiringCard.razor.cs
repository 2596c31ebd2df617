using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>The alerts that fire, the most urgent three of them in words. Read again when the silo tells of one, and every few seconds.</summary>
public partial class FiringCard : ComponentBase
{
    private const int Most = 3;
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(8);
    private Latest<IReadOnlyList<AlertView>>? _latest;
    private ITimer? _timer;
    private long _told;

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    /// <summary>Number of the newest event that may have changed them.</summary>
    [Parameter]
    public long News { get; set; }

    private IReadOnlyList<AlertView> Firing => [.. (_latest?.Value ?? []).Where(one => AlertText.Place(one) == "firing")];

    /// <summary>What else there is to say of them.</summary>
    private string Rest
    {
        get
        {
            var places = (_latest?.Value ?? []).CountBy(AlertText.Place).ToDictionary();
            string?[] parts =
            [
                Firing.Count > Most ? $"{Firing.Count - Most:N0} more fire" : null,
                places.GetValueOrDefault("acknowledged") is > 0 and var taken ? $"{taken:N0} taken on" : null,
                places.GetValueOrDefault("silenced") is > 0 and var silenced ? $"{silenced:N0} silenced" : null,
                _latest?.IsOld == true ? "as it was before: the silo does not answer" : null,
            ];
            return string.Join(", ", parts.OfType<string>());
        }
    }

    protected override async Task OnInitializedAsync()
    {
        if (!RendererInfo.IsInteractive)
            return;
        _latest = new(async stop => await (await SignedIn.SiloAsync()).AlertsAsync(stop), Show);
        _told = News;
        await LoadAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_latest is null || _told == News)
            return;
        _told = News;
        await LoadAsync();
    }

    public void Dispose()
    {
        _timer?.Dispose();
        _latest?.Dispose();
    }

    private void Show()
    {
        _timer?.Dispose();
        _timer = Clock.CreateTimer(_ => _ = InvokeAsync(LoadAsync), null, s_look, Timeout.InfiniteTimeSpan);
        StateHasChanged();
    }

    private Task LoadAsync() => _latest?.LoadAsync() ?? Task.CompletedTask;
}
