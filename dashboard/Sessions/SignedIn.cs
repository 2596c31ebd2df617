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

    public async Task<Rights> RightsAsync()
    {
        var user = await UserAsync();
        return new Rights(user.Identity?.Name ?? "", user.FindFirstValue(ClaimTypes.Role) ?? "");
    }

    private async Task<ClaimsPrincipal> UserAsync() => (await state.GetAuthenticationStateAsync()).User;
}
