using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Twins;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Trust.Revoking;

/// <summary>
/// What a plan says of a device, so that later it is known whether it is still that: enrolment, standing, name and site. Not the version of its row: that
/// rises with every proof, and a plan would be old after a minute. Pure.
/// </summary>
public static class PlanMarks
{
    /// <summary>Hex digits of a mark. It tells states apart and keeps nobody out: rights are asked for again when the device is decided about.</summary>
    public const int Length = 16;

    public static string Of(DeviceEntry entry) => Of(entry.EnrolledAt, entry.Standing, entry.Name, entry.Site);

    public static string Of(TwinState state) => Of(state.Enrolment.At, state.Standing, state.Enrolment.Name, state.Enrolment.Site);

    /// <summary>Of all devices of a plan, in whatever order they come: hex SHA-256.</summary>
    public static string Digest(IEnumerable<PlanTarget> devices)
    {
        var text = new StringBuilder("tm-revocation-plan/1\n");
        foreach (var one in devices.OrderBy(one => one.Id, StringComparer.Ordinal)) text.Append(one.Id).Append(' ').Append(one.Mark).Append('\n');
        return Hex(text.ToString());
    }

    // Names and sites have a strict grammar without spaces (attack A44), so no two states write the same line.
    private static string Of(DateTimeOffset enrolled, Standing standing, string name, string site)
        => Hex(string.Create(CultureInfo.InvariantCulture, $"{enrolled.ToUnixTimeMilliseconds()} {TwinTransition.Text(standing)} {name} {site}"))[..Length];

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
