# For Makefiles that tell a test what they really did. A recipe that begins with $(WRITE_DOWN) has the function `note`, which
# appends one line to the file JOURNAL, which all nodes share: seconds since the machine was booted, node, service, claim,
# and a word. Such a line is written by one call, so the order of the lines is the order in which things happened.
define WRITE_DOWN
note() {
    read -r seconds rest < /proc/uptime
    echo "$$seconds $$SRRD_NODE $$SRRD_SERVICE $$SRRD_CLAIM $$1" >> "$$JOURNAL"
}
endef
