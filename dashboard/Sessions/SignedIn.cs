using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using TrustMesh.Dashboard.Model;
using TrustMesh.Dashboard.Silo;

namespace TrustMesh.Dashboard.Sessions;

/// <summary>The user of this request or circuit.</summary>
public sealed class SignedIn(AuthenticationStateProvider state, SiloConnection connection)
{
    /// <summary>The silo as this user reaches it.</summary>
    public async Task<SiloClient> SiloAsync() => connection.For(SessionCookie.Token(await UserAsync()));

    /// <summary>What the silo says the user may do now; null if it does not answer.</summary>
    /// <exception cref="OperationCanceledException">The caller waits no longer.</exception>
    public async Task<Rights?> RightsAsync(CancellationToken cancel)
    {
        try
        {
            var session = await (await SiloAsync()).SessionAsync(cancel);
            return new Rights(session.Name, session.Role, session.Grants);
        }
        catch (SiloException)
        {
            // Whoever reads the page is told by what the page itself asks for; buttons are no protection, only a courtesy.
            return null;
        }
    }

    /// <summary>Who it is, and what the silo said at sign-in they may do in the whole mesh.</summary>
    public async Task<Rights> RememberedAsync()
    {
        var user = await UserAsync();
        return new Rights(user.Identity?.Name ?? "", user.FindFirstValue(ClaimTypes.Role) ?? "");
    }

    private async Task<ClaimsPrincipal> UserAsync() => (await state.GetAuthenticationStateAsync()).User;
}
