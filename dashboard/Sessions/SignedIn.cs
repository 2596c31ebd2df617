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

    /// <summary>What the silo says the user may do now; what it said at sign-in if it does not answer.</summary>
    public async Task<Rights> RightsAsync()
    {
        var user = await UserAsync();
        try
        {
            var session = await connection.For(SessionCookie.Token(user)).SessionAsync(CancellationToken.None);
            return new Rights(session.Name, session.Role, session.Grants);
        }
        catch (SiloException)
        {
            // Whoever reads the page is told by what the page itself asks for; buttons are no protection, only a courtesy.
            return new Rights(user.Identity?.Name ?? "", user.FindFirstValue(ClaimTypes.Role) ?? "");
        }
    }

    private async Task<ClaimsPrincipal> UserAsync() => (await state.GetAuthenticationStateAsync()).User;
}
