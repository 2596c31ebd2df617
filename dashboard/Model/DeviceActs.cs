namespace TrustMesh.Dashboard.Model;

/// <summary>What can be decided about a device of a standing, in the order of its buttons.</summary>
public static class DeviceActs
{
    public static IReadOnlyList<string> Of(string standing) => standing switch
    {
        "pending" => ["approve", "revoke"],
        "active" => ["suspend", "revoke"],
        "suspended" => ["resume", "revoke"],
        _ => [],
    };

    public static string Label(string act, string standing) => (act, standing) switch
    {
        ("approve", _) => "Approve",
        ("suspend", _) => "Suspend",
        ("resume", _) => "Resume",
        ("revoke", "pending") => "Reject",
        _ => "Revoke",
    };

    public static string Done(string act) => act switch
    {
        "approve" => "Approved",
        "suspend" => "Suspended",
        "resume" => "Resumed",
        _ => "Revoked",
    };
}
