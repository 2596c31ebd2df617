using Microsoft.AspNetCore.Components;
using TrustMesh.Contracts;
using TrustMesh.Dashboard.Feed;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Sessions;

namespace TrustMesh.Dashboard.Controls;

/// <summary>
/// The sites there are, and what grants come to at each: for a person what they may do where and by which grant, for a site who may do what. An admin sees everybody's,
/// everybody their own. Who and where are in the address.
/// </summary>
public partial class SitesView : ComponentBase
{
    private const int Most = 500;

    private SiloWork? _work;
    private IReadOnlyList<RightsHolder>? _holders;
    private IReadOnlyList<SiteRow> _sites = [];

    [Inject]
    public required SignedIn SignedIn { get; init; }

    [Inject]
    public required LiveFeed Feed { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Parameter, EditorRequired]
    public required Rights? Rights { get; set; }

    /// <summary>Whose rights are shown; null: everybody's.</summary>
    [Parameter, EditorRequired]
    public required string? Who { get; set; }

    /// <summary>Where; null: of one person everywhere, of everybody in the mesh as a whole.</summary>
    [Parameter, EditorRequired]
    public required string? Site { get; set; }

    private IReadOnlyList<RightsHolder> Holders => _holders ?? [];

    /// <summary>Whoever may see only their own is looked at in any case.</summary>
    private string? Shown => Rights is { MayAdminister: true } ? Who : Rights?.Name;

    private IReadOnlyList<RightsLine> Lines => EffectiveRights.Of(Holders, _sites.Select(site => site.Name), Shown, Site);

    private IReadOnlyList<string> Sites => [.. _sites.Select(site => site.Name).Concat(Holders.SelectMany(one => one.Grants).SelectMany(grant => grant.Sites ?? [])).Append(Site ?? "")
        .Where(site => site.Length > 0).Distinct().Order(StringComparer.Ordinal).Take(Most)];

    private bool Groups => Holders.Any(one => one.Kind == RightsHolder.Group);

    protected override async Task OnInitializedAsync()
    {
        _work = new SiloWork(SignedIn, StateHasChanged);
        Feed.Changed += OnChanged;
        Read();
        await LoadOnceAsync();
    }

    // Rights come after the first drawing.
    protected override Task OnParametersSetAsync() => LoadOnceAsync();

    public void Dispose()
    {
        Feed.Changed -= OnChanged;
        _work?.Dispose();
    }

    private async Task LoadOnceAsync()
    {
        if (RendererInfo.IsInteractive && _holders is null && Rights is not null && _work is { Idle: true, Problem: null })
            await LoadAsync();
    }

    private async Task LoadAsync()
    {
        if (Rights is { MayAdminister: true })
            await _work!.LoadAsync(async (silo, stop) => _holders = RightsHolder.All(await silo.OperatorsAsync(stop), await silo.ApiTokensAsync(stop), await silo.GroupsAsync(stop)));
        else if (Rights is { } own)
            _holders = [new(own.Name, RightsHolder.Person, own.Grants ?? [new(own.Role)])];
    }

    private void OnChanged(IReadOnlySet<string>? changed)
    {
        Read();
        StateHasChanged();
    }

    private void Read() => _sites = [.. FleetSummary.Of(Feed.Fleet.Devices.Values).Sites.OrderBy(site => site.Name, StringComparer.Ordinal)];

    private void Go(string? who, string? site) => Navigation.NavigateTo(RightsUrl.Of(who, site));

    private string Mine(string site) => Rights is null ? "" : EffectiveRights.Of(new RightsHolder(Rights.Name, RightsHolder.Person, Rights.Grants ?? [new(Rights.Role)]), site) switch { { Role: "viewer" } => "look", var line => $"act as {line.Role}" };

    /// <summary>How many beside oneself may do more than look there.</summary>
    private string Others(string site)
    {
        var acting = Holders.Where(one => one.Who != Rights?.Name && one.Stopped is null).Select(one => EffectiveRights.Of(one, site)).Where(line => line.Role != "viewer").ToList();
        return acting.Count == 0 ? "nobody" : string.Join(", ", acting.CountBy(line => line.Role).OrderByDescending(pair => pair.Key == "admin").ThenBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Value:N0} {pair.Key}{(pair.Value == 1 ? "" : "s")}"));
    }

    private static string Kind(string kind) => kind == RightsHolder.Token ? "API token" : "group";
}
