using TrustMesh.Contracts;

namespace TrustMesh.Cli.Api;

/// <summary>How the mesh is set up: sites, groups, settings.</summary>
internal sealed partial class SiloApi
{
    /// <summary>By name.</summary>
    public Task<IReadOnlyList<SiteView>> SitesAsync(CancellationToken ct) => GetAsync("sites", ContractJson.Default.IReadOnlyListSiteView, ct);

    /// <summary>Of the OpenID provider.</summary>
    public Task<IReadOnlyList<GroupView>> GroupsAsync(CancellationToken ct) => GetAsync("operators/groups", ContractJson.Default.IReadOnlyListGroupView, ct);

    /// <summary>Whoever asks, with the grants there are now.</summary>
    public Task<Session> SessionAsync(CancellationToken ct) => GetAsync("session", ContractJson.Default.Session, ct);

    public Task<SettingsView> SettingsAsync(CancellationToken ct) => GetAsync("settings", ContractJson.Default.SettingsView, ct);
}
